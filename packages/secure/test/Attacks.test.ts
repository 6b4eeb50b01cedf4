/**
 * Attacks, each with its reason at each end that can know it. The other end sees that the connection was cut.
 *
 * The client dials the one in the middle where there is one, else the server. An answer means that the attack failed to
 * do harm; it is expected only where nothing was attacked.
 */
import { assert, describe, it } from "@effect/vitest"
import { Crypto, type SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Redacted } from "effect"
import { impostor } from "./Impostor.ts"
import { ascii, ask, asked, at, echo, elapse, ended, secure, seeded, settle, wire } from "./Peers.ts"
import * as Relay from "./Relay.ts"

type Options = Partial<SecureTransport.SecureOptions>

interface Scene {
  readonly client?: Options
  readonly server?: Options
  readonly meddle?: Relay.Meddle
  /** What the client dials with. Default: what this machine does. */
  readonly suite?: Crypto.Suite
}

const quick = { config: { handshakeTimeout: "1 second" } } as const

/** A server, a client, and one in the middle that the client dials when there is a `meddle`. */
const scene = Effect.fnUntraced(function*(options: Scene = {}) {
  const network = yield* MemoryNetwork.make({ seed: 1, traceEntries: 20_000, traceBytes: 70_000 })
  const server = yield* secure(network.transport("10.0.0.1"), "server", { ...quick, ...options.server })
  const client = yield* secure(network.transport("10.0.0.2"), "client", { ...quick, ...options.client }, {
    ...NodeCrypto.primitives,
    preferred: options.suite ?? NodeCrypto.primitives.preferred
  })
  yield* echo(yield* server.transport.listen(at("10.0.0.1:80")))
  if (options.meddle !== undefined) {
    yield* Relay.relay(network.transport("10.0.0.9"), { here: "10.0.0.9:80", there: "10.0.0.1:80" }, options.meddle)
  }
  return { network, server, client, address: options.meddle === undefined ? "10.0.0.1:80" : "10.0.0.9:80" }
})

/** What came of one question: the answer or why there is none, and what each end saw. */
const outcome = Effect.fnUntraced(function*(options: Scene) {
  const { address, client, network, server } = yield* scene(options)
  const answer = yield* asked(client.transport, address)
  assert.notInclude(yield* wire(network), "attack at dawn")
  return { answer, client: client.seen, server: server.seen }
})

const same = seeded("client").identity
const other = seeded("other").identity.key

/** Made anew for each run: who meddles counts bytes. */
const attacks = (): ReadonlyArray<
  readonly [title: string, scene: Scene, answer: string, client: string, server: string]
> => [
  ["none", {}, "attack at dawn", "Admitted Passphrase", "Admitted Passphrase"],
  [
    "a relay that changes nothing",
    { meddle: Relay.honest },
    "attack at dawn",
    "Admitted Passphrase",
    "Admitted Passphrase"
  ],
  [
    "a wrong passphrase",
    { client: { passphrase: Redacted.make("wrong") } },
    "WrongPassphrase",
    "Refused WrongPassphrase",
    "Refused WrongPassphrase"
  ],
  [
    "a stranger where only keys come in",
    { server: { passphrase: undefined } },
    "NotMember",
    "Refused NotMember",
    "Refused NotMember"
  ],
  [
    "a client without a passphrase",
    { client: { passphrase: undefined } },
    "NotMember",
    "Refused NotMember",
    "Refused NotMember"
  ],
  [
    "another key than the pinned one",
    { client: { pins: new Map([["10.0.0.1:80", other]]) } },
    "KeyMismatch",
    "Refused KeyMismatch",
    "Refused Truncated"
  ],
  ["this end's own key", { server: { identity: same } }, "OwnKey", "Refused OwnKey", "Refused OwnKey"],
  [
    "a banned key",
    { server: { gate: { judge: () => "Banned", guessed: () => {}, admitted: () => {} } } },
    "Banned",
    "Refused Banned",
    "Refused Banned"
  ],
  [
    "a banned key, dialed",
    { client: { gate: { judge: () => "Banned", guessed: () => {}, admitted: () => {} } } },
    "Banned",
    "Refused Banned",
    "Refused Truncated"
  ],
  ["another context", { client: { context: "pyrate" } }, "Tampered", "Refused Tampered", "Refused Truncated"],
  [
    "a bit of the magic",
    { meddle: Relay.flipping("toServer", 3) },
    "PlainPeer",
    "Refused PlainPeer",
    "Refused PlainPeer"
  ],
  [
    "another version",
    { meddle: Relay.flipping("toServer", 7) },
    "PlainPeer",
    "Refused PlainPeer",
    "Refused OtherVersion"
  ],
  [
    "another version of the answer",
    { meddle: Relay.flipping("toClient", 7) },
    "OtherVersion",
    "Refused OtherVersion",
    "Refused Truncated"
  ],
  [
    "a bit of the first message",
    { meddle: Relay.flipping("toServer", 20) },
    "Tampered",
    "Refused Tampered",
    "Refused Truncated"
  ],
  [
    "a bit of the second message",
    { meddle: Relay.flipping("toClient", 60) },
    "Tampered",
    "Refused Tampered",
    "Refused Truncated"
  ],
  [
    "a bit of the third message",
    { meddle: Relay.flipping("toServer", 60) },
    "Truncated",
    "Refused Truncated",
    "Refused Tampered"
  ],
  ["a bit of INTRO", { meddle: Relay.flipping("toServer", 120) }, "Truncated", "Refused Truncated", "Refused Tampered"],
  ["a bit of SHARE", { meddle: Relay.flipping("toClient", 120) }, "Tampered", "Refused Tampered", "Refused Truncated"],
  [
    "a bit of the client's CONFIRM",
    { meddle: Relay.flipping("toServer", 200) },
    "Truncated",
    "Refused Truncated",
    "Refused Tampered"
  ]
]

describe("an attack", () => {
  for (const suite of Crypto.suites) {
    it.effect.each(attacks())(`by %s, on ${suite}`, ([, options, answer, client, server]) =>
      Effect.gen(function*() {
        const seen = yield* outcome({ ...options, suite })
        assert.deepStrictEqual(
          { answer: seen.answer, client: seen.client.slice(0, 1), server: seen.server.slice(0, 1) },
          { answer, client: [client], server: [server] }
        )
      }))
  }

  /** Bytes of each way until the session is open: the handshake, and the admission by passphrase. */
  const lengths = { toServer: 8 + 34 + 66 + 52 + 83, toClient: 8 + 98 + 51 + 83 }
  const ways: ReadonlyArray<Relay.Way> = ["toServer", "toClient"]

  /** Asks through one in the middle again and again, who does something else each time. */
  const eachTime = Effect.fnUntraced(function*(meddles: ReadonlyArray<Relay.Meddle>) {
    let current = Relay.honest
    const { address, client, server } = yield* scene({ meddle: (...all) => current(...all) })
    const answers: Array<string> = []
    for (const meddle of meddles) {
      current = meddle
      const asking = yield* Effect.forkChild(ask(client.transport, address), { startImmediately: true })
      yield* elapse("2 seconds")
      answers.push(yield* Fiber.join(asking))
    }
    return { answers, client: client.seen, server: server.seen }
  })

  const times = <A>(count: number, make: (time: number) => A) => Array.from({ length: count }, (_, time) => make(time))

  for (const way of ways) {
    it.effect(`that cuts the connection after any byte ${way} gives the client no session`, () =>
      Effect.gen(function*() {
        // With the last byte to the server the client is admitted, and with the last one to it it knows.
        const last = lengths[way] - 1
        const { answers, client, server } = yield* eachTime(times(last, (byte) => Relay.cutting(way, byte)))
        const told = new Set(answers)
        // A client that has heard nothing at all takes the other end for a plain peer.
        for (const answer of told) assert.include(["Truncated", "PlainPeer"], answer)
        for (const event of client) assert.match(event, /^Refused (Truncated|PlainPeer)$/)
        assert.isTrue(told.has("Truncated"))
        // The server has admitted the client before it confirms, the last of what it says.
        const confirm = 83
        const admitted = way === "toServer" ? 0 : confirm - 2
        const refused = times(last - admitted, () => "Refused Truncated")
        const ended = times(admitted, () => ["Admitted Passphrase", "Ended Truncated"]).flat()
        assert.deepStrictEqual(server, [...refused, ...ended])
      }))

    it.effect(`that flips a bit of any byte ${way} of the handshake is found out`, () =>
      Effect.gen(function*() {
        const handshake = way === "toServer" ? 8 + 34 + 66 : 8 + 98
        const meddles = times(handshake, (byte) => Relay.flipping(way, byte, byte % 8))
        const { answers, client, server } = yield* eachTime(meddles)
        assert.notInclude(answers, "attack at dawn")
        for (const event of [...client, ...server]) assert.match(event, /^Refused /)
      }))
  }

  it.effect("by FIN in an open session resets its streams", () =>
    Effect.gen(function*() {
      const middle: Array<Relay.Ends> = []
      const { address, client, server } = yield* scene({
        meddle: (way, bytes, pass, ends) => {
          if (!middle.includes(ends)) middle.push(ends)
          Relay.honest(way, bytes, pass, ends)
        }
      })
      const dialing = yield* Effect.forkChild(client.transport.connect(at(address)), { startImmediately: true })
      yield* elapse("1 second")
      const pipe = yield* Fiber.join(dialing)
      for (const { client, server } of middle) {
        client.end()
        server.end()
      }
      yield* elapse("1 second")
      assert.strictEqual(ended(pipe), "ECONNRESET")
      assert.deepStrictEqual(client.seen, ["Admitted Passphrase", "Ended Truncated"])
      assert.deepStrictEqual(server.seen, ["Admitted Passphrase", "Ended Truncated"])
    }))

  it.effect("by a bit of what is said resets the session at the end that finds out", () =>
    Effect.gen(function*() {
      const meddle = Relay.flipping("toServer", lengths.toServer + 20)
      const { answer, client, server } = yield* outcome({ meddle })
      assert.strictEqual(answer, "Reset")
      assert.deepStrictEqual(server, ["Admitted Passphrase", "Ended Tampered"])
      assert.deepStrictEqual(client, ["Admitted Passphrase", "Ended ECONNRESET"])
    }))

  it.effect("by reflection of all that the client says fails at the first message", () =>
    Effect.gen(function*() {
      const meddle: Relay.Meddle = (way, bytes, _, { client }) => {
        if (way === "toServer") client.write([bytes])
      }
      const { answer, client } = yield* outcome({ meddle })
      assert.strictEqual(answer, "ProtocolViolation")
      assert.deepStrictEqual(client, ["Refused ProtocolViolation"])
    }))

  it.effect("by reflection of all behind the first message fails", () =>
    Effect.gen(function*() {
      let first = true
      const meddle: Relay.Meddle = (way, bytes, pass, { client }) => {
        if (way === "toClient" || first) pass(bytes)
        else client.write([bytes])
        if (way === "toServer") first = false
      }
      const { answer, client } = yield* outcome({ meddle })
      assert.strictEqual(answer, "Tampered")
      assert.deepStrictEqual(client, ["Refused Tampered"])
    }))

  it.effect("by replay of a whole session goes no further than the third message", () =>
    Effect.gen(function*() {
      const recorded: Array<Uint8Array> = []
      const { address, client, network, server } = yield* scene({
        meddle: (way, bytes, pass) => {
          if (way === "toServer") recorded.push(bytes)
          pass(bytes)
        }
      })
      assert.strictEqual(yield* asked(client.transport, address), "attack at dawn")
      const dialing = yield* Effect.forkChild(network.transport("10.0.0.9").connect(at("10.0.0.1:80")), {
        startImmediately: true
      })
      yield* settle
      const pipe = yield* Fiber.join(dialing)
      for (const bytes of recorded) {
        pipe.write([bytes])
        yield* elapse("5 millis")
      }
      yield* elapse("1 second")
      assert.notStrictEqual(ended(pipe), "open")
      assert.deepStrictEqual(server.seen, ["Admitted Passphrase", "Refused Tampered"])
    }))

  it.effect("by one in the middle with keys of its own, who passes the proofs on, fails at both ends", () =>
    Effect.gen(function*() {
      const { answer, client, server } = yield* outcome({ meddle: impostor() })
      assert.strictEqual(answer, "WrongPassphrase")
      assert.deepStrictEqual(client, ["Refused WrongPassphrase"])
      assert.deepStrictEqual(server, ["Refused WrongPassphrase"])
    }))

  it.effect("by a plain client is refused, and one by a client that waits after five seconds", () =>
    Effect.gen(function*() {
      const { network, server } = yield* scene({ server: { config: {} } })
      const plain = network.transport("10.0.0.3")
      // No end that a plain protocol could take for an answer.
      assert.strictEqual(yield* asked(plain, "10.0.0.1:80"), "Reset")
      assert.deepStrictEqual(server.seen, ["Refused PlainPeer"])
      const waiting = yield* Effect.forkChild(plain.connect(at("10.0.0.1:80")), { startImmediately: true })
      yield* settle
      yield* Fiber.join(waiting)
      yield* elapse("4999 millis")
      assert.strictEqual(server.seen.length, 1)
      yield* elapse("1 millis")
      assert.deepStrictEqual(server.seen[1], "Refused HandshakeTimeout")
    }))

  it.effect("of a peer that takes another's place is refused where the first key of a run is kept", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make({ seed: 1 })
      const client = yield* secure(network.transport("10.0.0.2"), "client", {
        pins: new Map([["10.0.0.1:80", "first"]])
      })
      const serving = Effect.fnUntraced(function*(name: string) {
        const server = yield* secure(network.transport("10.0.0.1"), name)
        yield* echo(yield* server.transport.listen(at("10.0.0.1:80")))
        return yield* asked(client.transport, "10.0.0.1:80")
      })
      for (const [name, answer] of [["one", "attack at dawn"], ["one", "attack at dawn"], ["two", "KeyMismatch"]]) {
        assert.strictEqual(yield* Effect.scoped(serving(name ?? "")), answer)
        yield* elapse("5 seconds")
      }
      assert.deepStrictEqual(
        client.seen.filter((seen) => !seen.startsWith("Ended")),
        ["Admitted Passphrase", "Admitted Passphrase", "Refused KeyMismatch"]
      )
    }))

  it.effect("of a plain server is found out by what it says first, and one that waits by the time", () =>
    Effect.gen(function*() {
      const { client, network } = yield* scene({ client: { config: {} } })
      const listener = yield* network.transport("10.0.0.3").listen(at("10.0.0.3:80"))
      yield* Effect.forkScoped(
        listener.runPipes((pipe) => Effect.sync(() => void pipe.write([ascii(`{"banned": false}`)])))
      )
      assert.strictEqual(yield* asked(client.transport, "10.0.0.3:80"), "PlainPeer")
      yield* network.transport("10.0.0.4").listen(at("10.0.0.4:80"))
      assert.strictEqual(yield* asked(client.transport, "10.0.0.4:80"), "HandshakeTimeout")
      assert.deepStrictEqual(client.seen, ["Refused PlainPeer", "Refused HandshakeTimeout"])
    }))
})
