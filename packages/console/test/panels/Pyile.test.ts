/** The panel of a Pyile peer, beside real peers in a simulated network. */
import { assert } from "@effect/vitest"
import { AuthPeer, JoinPeer, PyileEvent } from "@peerage/pyile"
import { Machines } from "@peerage/testing"
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { Effect, Fiber, Redacted } from "effect"
import * as Pyile from "../../src/panels/Pyile.ts"
import { ask, cells, decided, membersOf, said } from "./Panels.ts"

const { elapse, settle } = Simulation

const password = Redacted.make("sesame")
const [hostIp, annIp, bobIp] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"]

/** A member that has joined, with its panel. */
const join = Effect.fnUntraced(function*(ip: string, alias: string) {
  const joining = Machines.on(ip, JoinPeer.make({ host: `${hostIp}:4702`, password, alias }))
  const running = yield* Effect.forkChild(Machines.inOwnScope(joining))
  yield* elapse("1 second")
  const { leave, service } = yield* Fiber.join(running)
  return { peer: service, leave, panel: Pyile.make(service) }
})

/** A host, Ann and Bob, each with a panel. */
const scene = Effect.gen(function*() {
  const peer = yield* Machines.on(hostIp, AuthPeer.make({ password, listen: `${hostIp}:4702` }))
  const host = { peer, panel: Pyile.make(peer) }
  return { host, ann: yield* join(annIp, "ann"), bob: yield* join(bobIp, "bob") }
})

Machines.simulation(
  "shows who is here by the names that they give themselves, since when, and who has gone",
  function*() {
    const { ann, bob, host } = yield* scene
    assert.deepStrictEqual(yield* membersOf(host.panel), [`${ann.peer.self}: `, `${bob.peer.self}: `])
    yield* ann.peer.broadcast("hello")
    yield* bob.peer.send(host.peer.self, "psst")
    yield* settle
    assert.deepStrictEqual(yield* membersOf(host.panel), ["ann: ", "bob: "])
    const [first] = yield* host.panel.members
    assert.deepStrictEqual([first?.id, first?.detail], [ann.peer.self, ann.peer.self])
    assert.isNumber(first?.since)
    yield* bob.leave
    assert.deepStrictEqual(yield* membersOf(host.panel), ["ann: ", "bob:  (gone)"])
    // Ann knows the host and nobody else.
    assert.deepStrictEqual(yield* membersOf(ann.panel), [
      "10.0.0.1:".concat(host.peer.self.split(":")[1] ?? "", ": host")
    ])
  }
)

Machines.simulation("shows that a member is overdue before it is given up", function*() {
  const { ann, host } = yield* scene
  yield* (yield* MemoryNetwork.MemoryNetwork).kill(annIp)
  yield* elapse("4 seconds")
  assert.deepStrictEqual((yield* host.panel.members).map(({ id, state }) => [id === ann.peer.self, state]), [
    [true, "overdue"],
    [false, "here"]
  ])
})

Machines.simulation("says things to all and to one, any JSON, and tells whom it reached", function*() {
  const { ann, bob, host } = yield* scene
  assert.strictEqual(yield* ask(host.panel, "broadcast", { text: "hello" }), "It reached 2.")
  assert.strictEqual(
    yield* ask(host.panel, "send", { target: ann.peer.self, json: "{\"n\": 12345678901234567890}" }),
    "It reached 1."
  )
  yield* ann.peer.send(host.peer.self, "yes")
  yield* settle
  assert.deepStrictEqual(yield* said(bob.panel, ""), [`${host.peer.self}: hello`])
  const own = yield* host.panel.talk?.history(ann.peer.self) ?? Effect.succeed([])
  assert.deepStrictEqual(own.map(({ data, own }) => [own, data]), [[true, { n: 12345678901234567890n }], [
    false,
    "yes"
  ]])
  // What a frame asks for: all conversations in the order of their messages.
  const since = yield* host.panel.talk?.since(-1, 2) ?? Effect.succeed([])
  assert.deepStrictEqual(since.map(({ conversation, n }) => [conversation, n]), [[ann.peer.self, 1], [
    ann.peer.self,
    2
  ]])

  assert.strictEqual(yield* ask(host.panel, "broadcast", { text: " " }), "! Write something to send.")
  assert.strictEqual(
    yield* ask(host.panel, "send", { target: "ann", text: "hi" }),
    "! \"ann\" is no member: choose one of the list."
  )
  assert.match(yield* ask(host.panel, "broadcast", { json: "{x}" }), /^! This is not JSON/)
  assert.strictEqual(
    yield* ask(host.panel, "broadcast", { json: `${"[".repeat(129)}1${"]".repeat(129)}` }),
    "! This JSON cannot be sent: nested deeper than 128 levels. Change it and send it again."
  )
  yield* bob.leave
  assert.strictEqual(
    yield* ask(host.panel, "send", { target: bob.peer.self, text: "there?" }),
    `It reached nobody. ${bob.peer.self} did not get it: not in this network.`
  )
})

Machines.simulation("bans, kicks and lets in again", function*() {
  const { ann, bob, host: { panel } } = yield* scene
  const target = ann.peer.self
  assert.strictEqual(
    yield* ask(panel, "kick", { target }),
    `${target} was removed, and may come back in a moment.`
  )
  assert.deepStrictEqual((yield* cells(panel, "bans")).map(([who, why]) => [who, why]), [[annIp, "kicked"]])
  assert.strictEqual(yield* ask(panel, "unban", { target: annIp }), `${annIp} may join again.`)
  assert.deepStrictEqual(yield* cells(panel, "bans"), [])
  assert.strictEqual(yield* ask(panel, "unban", { target: annIp }), `! ${annIp} is not banned.`)
  assert.strictEqual(yield* ask(panel, "kick", { target }), `! ${target} is not in this network any more.`)

  assert.strictEqual(
    yield* ask(panel, "ban", { target: bob.peer.self }),
    `${bobIp} is banned. Lift it in the list of bans.`
  )
  assert.deepStrictEqual(yield* cells(panel, "bans"), [[bobIp, "banned by the host", "for ever"]])
  assert.deepStrictEqual(yield* panel.members, [])
  assert.strictEqual(
    yield* ask(panel, "ban", { network: "10.9.0.0/16", duration: "10m" }),
    "10.9.0.0/16 is banned. Lift it in the list of bans."
  )
  assert.match(yield* ask(panel, "ban", { network: "bob" }), /^! A ban takes an IPv4 address or prefix/)
  assert.match(yield* ask(panel, "ban", { network: "10.0.0.9", duration: "10" }), /^! A ban lasts for ever or for/)
})

Machines.simulation("calls a banned key as people compare it, and lifts the ban by the key itself", function*() {
  const peer = yield* Machines.on(hostIp, AuthPeer.make({ password, listen: `${hostIp}:4702` }))
  const panel = Pyile.make(peer, { fingerprint: (key) => key.slice(0, 4) })
  const key = "mHxw-zh80oV9yqko2Ge5L0MYdJeQSfXl6zrenW8JwjY"
  assert.strictEqual(yield* ask(panel, "ban", { network: key }), "mHxw is banned. Lift it in the list of bans.")
  const [row] = yield* panel.tables["bans"] ?? Effect.succeed([])
  assert.deepStrictEqual(row, { id: key, cells: ["mHxw", "banned by the host", "for ever"] })
  assert.strictEqual(yield* ask(panel, "unban", { target: key }), "mHxw may join again.")
  assert.strictEqual(yield* ask(panel, "unban", { target: key }), "! mHxw is not banned.")
})

Machines.simulation("shows who guesses passwords, and logs what happens", function*() {
  const { host: { panel } } = yield* scene
  const guess = JoinPeer.make({ host: `${hostIp}:4702`, password: Redacted.make("guess") })
  const guessing = yield* Effect.forkChild(Effect.flip(Machines.on("10.0.0.66", guess)))
  yield* elapse("1 second")
  yield* Fiber.join(guessing)
  assert.deepStrictEqual(yield* cells(panel, "limbo"), [["10.0.0.66", "1"]])
  const lines = yield* panel.log?.since(-1) ?? Effect.succeed([])
  assert.deepStrictEqual(lines.map(({ n }) => n), lines.map((_, index) => index))
  assert.strictEqual(lines.at(-1)?.text, "10.0.0.66 did not join: WrongPassword")
  assert.deepStrictEqual(yield* panel.log?.since(lines.length - 2) ?? Effect.succeed([]), lines.slice(-1))
})

Machines.simulation("calls what is guessed a password, and a passphrase where the transport has keys", function*() {
  const peer = yield* Machines.on(hostIp, AuthPeer.make({ password, listen: `${hostIp}:4702` }))
  const limbo = Effect.fnUntraced(function*(options?: Pyile.Options) {
    const { tables } = yield* Pyile.make(peer, options).about
    return tables.filter(({ name }) => name === "limbo").map(({ empty, title }) => [title, empty])
  })
  assert.deepStrictEqual(yield* limbo(), [["Wrong passwords", "Nobody gave a wrong password."]])
  assert.deepStrictEqual(yield* limbo({ fingerprint: String }), [[
    "Wrong passphrases",
    "Nobody gave a wrong passphrase."
  ]])
})

Machines.simulation("a member's has no means of a host", function*() {
  const { ann } = yield* scene
  assert.deepStrictEqual(ann.panel.abilities.map(({ name }) => name), ["broadcast", "send"])
  assert.deepStrictEqual([(yield* ann.panel.about).role, (yield* ann.panel.about).tables], ["member", []])
})

Machines.simulation("decides about each event of the library", function*() {
  const { host: { panel } } = yield* scene
  decided(panel, Pyile.touched, PyileEvent.PyileEvent.cases)
})
