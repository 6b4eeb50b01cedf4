/** The panel of a PeerPy peer, beside real peers in a simulated network. */
import { assert } from "@effect/vitest"
import { type Connection, type DataType, Peer, PeerPyEvent } from "@peerage/peerpy"
import { Machines } from "@peerage/testing"
import { Simulation } from "@peerage/transport"
import { Duration, Effect, Fiber, Stream, SubscriptionRef } from "effect"
import * as PeerPy from "../../src/panels/PeerPy.ts"
import * as PendingOffers from "../../src/talk/PendingOffers.ts"
import { ask, cells, decided, membersOf, said, settled } from "./Panels.ts"

const { elapse, settle } = Simulation

const at = (machine: number) => `10.0.0.${machine}:20000`

/** A peer that lives until `leave`, and what it told. */
const visit = Effect.fnUntraced(function*(machine: number, options: Partial<Peer.PeerOptions> = {}) {
  const making = Machines.on(`10.0.0.${machine}`, Peer.make({ listen: at(machine), ...options }))
  const { leave, service } = yield* Machines.inOwnScope(making)
  return { ...service, leave, told: yield* Machines.collect(service) }
})

type Visitor = Effect.Success<ReturnType<typeof visit>>

const connect = <T extends DataType.DataType>(
  { connect }: Visitor,
  machine: number,
  options: Connection.ConnectOptions<T>
) => settled(connect(at(machine), options))

const heard = ({ told }: Visitor) => told.flatMap((event) => event._tag === "Data" ? [event.data] : [])

Machines.simulation("shows connections with their terms and who opened them", function*() {
  const peer = yield* visit(1)
  const panel = yield* PeerPy.make(peer)
  yield* connect(yield* visit(2), 1, { type: "json" })
  yield* connect(yield* visit(3), 1, { type: "bytes", strict: false, stream: true })
  const far = yield* visit(4)
  assert.strictEqual(
    yield* ask(panel, "connect", { address: at(4), type: "raw" }),
    `Connected to ${at(4)} for raw.`
  )
  assert.deepStrictEqual(yield* membersOf(panel), [
    `${at(2)}: json, strict, opened by it`,
    `${at(3)}: bytes, not strict, stream, opened by it`,
    `${at(4)}: raw, strict, opened here`
  ])
  yield* far.leave
  assert.deepStrictEqual((yield* panel.members).map(({ id }) => id), [at(2), at(3)])
})

Machines.simulation("tells two connections that claim one address apart, and writes to each", function*() {
  const peer = yield* visit(1)
  const panel = yield* PeerPy.make(peer)
  const [one, other] = [yield* visit(2), yield* visit(3, { advertise: "10.0.0.2" })]
  yield* connect(one, 1, { type: "json" })
  yield* connect(other, 1, { type: "raw" })
  const members = yield* panel.members
  assert.deepStrictEqual(members.map(({ name }) => name), [at(2), at(2)])
  const [, second] = members
  assert.match(second?.detail ?? "", /^comes from 10\.0\.0\.3:/)
  assert.strictEqual(yield* ask(panel, "send", { target: second?.id ?? "", text: "you" }), `Written to ${at(2)}.`)
  yield* settle
  assert.deepStrictEqual([heard(one), heard(other)], [[], ["you"]])
})

Machines.simulation("says text, JSON and bytes to one and to all, and shows what comes by its kind", function*() {
  const peer = yield* visit(1)
  const panel = yield* PeerPy.make(peer)
  const [json, bytes] = [yield* visit(2), yield* visit(3)]
  const near = yield* connect(json, 1, { type: "json" })
  const far = yield* connect(bytes, 1, { type: "bytes" })
  yield* near.send({ x: [1n, 2.5] })
  yield* far.send(Uint8Array.of(0, 255))
  yield* settle
  assert.strictEqual(yield* ask(panel, "send", { target: at(2), json: "{\"y\": 1}" }), `Written to ${at(2)}.`)
  assert.strictEqual(yield* ask(panel, "send", { target: at(2), text: "/json [true]" }), `Written to ${at(2)}.`)
  assert.strictEqual(yield* ask(panel, "send", { target: at(3), text: "/hex 00 ff" }), `Written to ${at(3)}.`)
  assert.strictEqual(yield* ask(panel, "sendAll", { text: "hi" }), "Written to all 2.")
  assert.match(
    yield* ask(panel, "sendAll", { json: "1" }),
    /^Written to 1, not to 1\. The value cannot be sent as bytes/
  )
  yield* settle
  assert.deepStrictEqual(heard(json), [{ y: 1 }, [true], "hi", 1])
  assert.deepStrictEqual(heard(bytes), [Uint8Array.of(0, 255), new TextEncoder().encode("hi")])
  assert.deepStrictEqual(yield* said(panel, at(2)), [
    `${at(2)}: {"x":[1,2.5]}`,
    "you: {\"y\":1}",
    "you: [true]",
    "you: hi",
    "you: 1"
  ])
  const base64 = { base64: "AP8=" }
  assert.deepStrictEqual(yield* said(panel, at(3)), [
    `${at(3)}: ${JSON.stringify(base64)}`,
    `you: ${JSON.stringify(base64)}`,
    "you: hi"
  ])
  const kinds = yield* panel.talk?.since(-1, 100) ?? Effect.succeed([])
  assert.deepStrictEqual(
    new Set(kinds.map(({ conversation, type }) => `${conversation} ${type}`)),
    new Set([
      `${at(2)} json`,
      `${at(3)} bytes`
    ])
  )
  yield* json.leave
  assert.include(yield* membersOf(panel), `${at(2)}: not connected (gone)`)
})

Machines.simulation("refuses what cannot be, in the words of the terminal", function*() {
  const peer = yield* visit(1)
  const panel = yield* PeerPy.make(peer)
  assert.strictEqual(yield* ask(panel, "sendAll", { text: "hi" }), "! Nobody is connected. Connect to somebody first.")
  yield* connect(yield* visit(2), 1, { type: "json" })
  for (
    const [name, values, sentence] of [
      [
        "connect",
        { address: "nowhere", type: "json" },
        "Connect to whom? This takes an IPv4 address or a name, and a port from 1 to 65535, such as 192.0.2.1:5000."
      ],
      ["connect", { address: at(2), type: "xml" }, "A connection is for json, bytes or raw, not \"xml\"."],
      ["connect", { address: at(2), type: "json" }, `There is such a connection with ${at(2)} already.`],
      [
        "connect",
        { address: at(1), type: "json" },
        `${at(1)} is this peer's own address. Give the address of another peer.`
      ],
      [
        "connect",
        { address: "host.example:1", type: "" },
        "Names are not looked up here. Give the IPv4 address of host.example."
      ],
      ["send", { target: at(2), json: "{" }, "This is not JSON: {. Text needs quotes in JSON."],
      [
        "send",
        { target: at(2), json: `${"[".repeat(901)}${"]".repeat(901)}` },
        "This JSON cannot be sent: nested deeper than 900 levels. Change it and send it again."
      ],
      [
        "send",
        { target: at(2), text: "/hex 0" },
        "Bytes are pairs of hexadecimal digits, such as /hex 00 ff, not \"0\"."
      ],
      [
        "send",
        { target: at(2), text: "/hex 00" },
        "The value cannot be sent as json: JSON has no bytes. Change it, or connect for another type of data."
      ],
      ["send", { target: at(2), text: " " }, "Say what, such as hello."],
      ["send", { target: at(9), text: "hi" }, `${at(9)} is not connected any more.`],
      ["close", { target: at(9) }, `${at(9)} is not connected any more.`]
    ] as const
  ) {
    assert.strictEqual(yield* ask(panel, name, values), `! ${sentence}`)
  }
})

Machines.simulation("closes a connection, and keeps what was said over it", function*() {
  const peer = yield* visit(1)
  const panel = yield* PeerPy.make(peer)
  const other = yield* visit(2)
  yield* connect(other, 1, { type: "json" })
  yield* ask(panel, "send", { target: at(2), text: "bye" })
  assert.strictEqual(yield* ask(panel, "close", { target: at(2) }), `The connection with ${at(2)} is closed.`)
  assert.deepStrictEqual(yield* membersOf(panel), [`${at(2)}: not connected (gone)`])
  assert.deepStrictEqual(yield* said(panel, at(2)), ["you: bye"])
})

Machines.simulation("lists offers with the seconds that are left, and accepts and denies them", function*() {
  const offers = PendingOffers.make(() => Effect.void)
  const peer = yield* visit(1, { offer: offers.ask })
  const panel = yield* PeerPy.make(peer, { offers })
  const [patient, hasty, unwanted] = [
    yield* visit(2, { config: { timeout: Duration.minutes(1) } }),
    yield* visit(3),
    yield* visit(4, { config: { timeout: Duration.minutes(1) } })
  ]
  const calls = []
  for (const { connect } of [patient, hasty, unwanted]) {
    calls.push(yield* Effect.forkScoped(Effect.result(connect(at(1), { type: "json" }))))
  }
  yield* elapse("500 millis")
  const rows = yield* cells(panel, "offers")
  assert.deepStrictEqual(
    rows.map(([peer, kind, , left]) => [peer, kind, left]),
    [2, 3, 4].map((n) => [at(n), "json", "2"])
  )
  const [first, , third] = yield* panel.tables["offers"] ?? Effect.succeed([])
  yield* elapse("1 second")
  assert.deepStrictEqual((yield* cells(panel, "offers")).map((row) => row[3]), ["1", "1", "1"])
  yield* elapse("1 second")
  assert.deepStrictEqual((yield* cells(panel, "offers")).map(([peer, , , left]) => [peer, left]), [
    [at(2), "waits longer than most"],
    [at(4), "waits longer than most"]
  ])
  assert.strictEqual(yield* ask(panel, "accept", { target: first?.id ?? "" }), `${at(2)} was accepted.`)
  assert.strictEqual(yield* ask(panel, "deny", { target: third?.id ?? "" }), `${at(4)} was turned away.`)
  assert.strictEqual(
    yield* ask(panel, "accept", { target: first?.id ?? "" }),
    "! It did not wait for an answer. It may try again."
  )
  yield* settle
  const [accepted, late, denied] = yield* Effect.forEach(calls, Fiber.join)
  assert.deepStrictEqual([accepted?._tag, late?._tag, denied?._tag], ["Success", "Failure", "Failure"])
  assert.deepStrictEqual(yield* cells(panel, "offers"), [])
  assert.deepStrictEqual(yield* membersOf(panel), [`${at(2)}: json, strict, opened by it`])
})

Machines.simulation("finds others on the network and connects to one, and hides from them", function*() {
  const peer = yield* visit(1)
  const panel = yield* PeerPy.make(peer)
  const look = Effect.gen(function*() {
    const asking = yield* Effect.forkScoped(ask(panel, "discover"))
    yield* elapse("5 seconds")
    return yield* Fiber.join(asking)
  })
  assert.strictEqual(yield* look, "Nobody answered on this network.")
  const other = yield* visit(2)
  assert.strictEqual(yield* look, "1 peer on this network.")
  assert.deepStrictEqual(yield* cells(panel, "found"), [[at(2)]])
  assert.strictEqual(
    yield* ask(panel, "connectFound", { target: at(2), type: "json" }),
    `Connected to ${at(2)} for json.`
  )
  assert.strictEqual(
    yield* ask(panel, "hide"),
    "Nobody who looks for peers finds you."
  )
  const search = yield* Effect.forkScoped(other.discover)
  yield* elapse("5 seconds")
  assert.deepStrictEqual(yield* Fiber.join(search), [])
  assert.strictEqual(yield* ask(panel, "show"), "Whoever looks for peers finds you.")
  const shy = yield* PeerPy.make(peer, { mayDiscover: Effect.fail({ message: "Discovery is off here." }) })
  assert.strictEqual(yield* ask(shy, "discover"), "! Discovery is off here.")
  assert.strictEqual(yield* ask(shy, "show"), "! Discovery is off here.")
})

Machines.simulation("shows what people compare of the key of a connection, where the transport has keys", function*() {
  const peer = yield* visit(1)
  const panel = yield* PeerPy.make(peer, {
    fingerprints: (addresses) => Effect.succeed(new Map(addresses.map((address) => [address, "1a2b-3c4d"])))
  })
  yield* connect(yield* visit(2), 1, { type: "json" })
  assert.deepStrictEqual(yield* membersOf(panel), [`${at(2)}: json, strict, opened by it, 1a2b-3c4d`])
})

Machines.simulation("of a single connection takes and opens no others", function*() {
  const peer = yield* visit(1)
  const panel = yield* PeerPy.make(peer, { single: true })
  assert.deepStrictEqual(panel.abilities.map(({ name }) => name), ["send", "sendAll", "close", "discover"])
  assert.strictEqual((yield* panel.about).role, "connection")
})

Machines.simulation(
  "says how the peer is, shows events as programs see them, and knows what each changes",
  function*() {
    const offers = PendingOffers.make(() => Effect.void)
    const peer = yield* visit(1)
    const panel = yield* PeerPy.make(peer, { offers })
    assert.deepStrictEqual(yield* panel.status, { tone: "good", word: "listening" })
    const near = yield* connect(yield* visit(2), 1, { type: "raw" })
    yield* near.send(new Map([[1n, Uint8Array.of(7)]]))
    yield* settle
    assert.deepInclude(peer.told.map((event) => panel.encode(event)), {
      event: "Data",
      peer: at(2),
      type: "raw",
      data: { pairs: [[1, { base64: "Bw==" }]] }
    })
    decided(panel, PeerPy.touched, PeerPyEvent.PeerPyEvent.cases)
    assert.deepStrictEqual(panel.touches({ _tag: "Stopped" }), ["members"])
    yield* peer.leave
    assert.strictEqual((yield* panel.status).tone, "bad")
    yield* Stream.runDrain(panel.events)
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.connections), [])
  }
)
