/**
 * Points of low order on live connections, in each place where a point is sent. Whoever takes one computes a secret that
 * everybody knows, so the end that hears it refuses, and no session opens.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Crypto, type Gate, Handshake } from "@peerage/secure"
import { MemoryNetwork } from "@peerage/transport"
import { Bytes, Effect } from "effect"
import * as Record from "../src/session/Record.ts"
import { hex, lowOrder } from "./Layers.ts"
import * as Listener from "./Listener.ts"
import { ascii, asked, at, echo, elapse, ended, secure, seeded } from "./Peers.ts"

/** Replaces the end of a message. */
const ending = (message: Uint8Array, point: Uint8Array) => {
  const changed = message.slice()
  changed.set(point, message.length - point.length)
  return changed
}

/** One that shows a point as its key, and takes part in a secret that is zeros for everybody. */
const forger = (publicKey: Uint8Array): Crypto.KeyPair => ({ publicKey, agree: () => new Uint8Array(32) })

const dialed: ReadonlyArray<readonly [place: string, script: (point: Uint8Array) => Listener.Script]> = [
  ["ephemeral key", (point) => ({ write: (bytes) => bytes.length > 100 ? withKey(bytes, point) : bytes })],
  ["key", (point) => ({ identity: forger(point) })],
  ["share", (point) => ({ admit: (frame) => frame.length === 33 ? ending(frame, point) : frame })]
]

/** With another ephemeral key behind the magic and the length. */
const withKey = (bytes: Uint8Array, point: Uint8Array) => {
  const changed = bytes.slice()
  changed.set(point, 10)
  return changed
}

describe("a dialer", () => {
  describe.each(dialed)("that hears as the listener's %s", (_, script) => {
    it.effect.each(lowOrder)("the point %s says that the protocol is broken", (point) =>
      Effect.gen(function*() {
        const network = yield* MemoryNetwork.make({ seed: 1 })
        const dialer = yield* secure(network.transport("10.0.0.2"), "dialer")
        yield* Listener.listen(network.transport("10.0.0.1"), "10.0.0.1:80", () => script(hex(point)))
        assert.strictEqual(yield* asked(dialer.transport, "10.0.0.1:80"), "ProtocolViolation")
        assert.deepStrictEqual(dialer.seen, ["Refused ProtocolViolation"])
        assert.strictEqual(yield* network.buffered, 0)
      }))
  })

  it.effect("has its answer where nothing is changed", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make({ seed: 1 })
      const dialer = yield* secure(network.transport("10.0.0.2"), "dialer")
      yield* Listener.listen(network.transport("10.0.0.1"), "10.0.0.1:80", () => ({}))
      assert.strictEqual(yield* asked(dialer.transport, "10.0.0.1:80"), "attack at dawn")
      assert.deepStrictEqual(dialer.seen[0], "Admitted Passphrase")
    }))
})

type Place = "ephemeral key" | "key" | "share"

/** Dials, and shows a point in one place. Gives the connection. */
const show = Effect.fnUntraced(
  function*(network: MemoryNetwork.MemoryNetwork["Service"], place: Place, point: Uint8Array) {
    const { primitives } = seeded("rogue")
    const suite = primitives.preferred
    const magic = Record.magics[suite]
    const pipe = yield* network.transport("10.0.0.2").connect(at("10.0.0.1:80"))
    const identity = place === "key" ? forger(point) : primitives.keyPair(primitives.random(32))
    const prologue = Bytes.concat([magic, ascii("peerage")])
    const initiator = Handshake.initiate(primitives, { suite, identity, prologue })
    const first = place === "ephemeral key" ? point : initiator.first
    pipe.write([Bytes.concat([magic, Record.framed(first)])])
    yield* elapse("100 millis")
    const reader = new Record.RecordReader(new Record.SpareBuffer(), Record.maxMessage)
    reader.push(Bytes.concat(pipe.take() ?? []))
    const second = reader.next()
    if (second instanceof Uint8Array) {
      const answered = initiator.read(second)
      assert(answered._tag === "Success")
      const { send, third } = answered.success.finish()
      pipe.write([Record.framed(third), Record.framed(send.sealed(Bytes.concat([Uint8Array.of(0x10, 0), point])))])
      yield* elapse("100 millis")
    }
    return pipe
  }
)

describe("a listener", () => {
  describe.each(["ephemeral key", "key", "share"] as const)("that hears as the dialer's %s", (place) => {
    it.effect.each(lowOrder)(
      "the point %s says that the protocol is broken, and counts no guess",
      (point) =>
        Effect.gen(function*() {
          const network = yield* MemoryNetwork.make({ seed: 1 })
          let guesses = 0
          const gate: Gate.Gate = { judge: () => "Pass", guessed: () => guesses++, admitted: () => {} }
          const host = yield* secure(network.transport("10.0.0.1"), "host", { gate })
          yield* echo(yield* host.transport.listen(at("10.0.0.1:80")))
          const pipe = yield* show(network, place, hex(point))
          assert.deepStrictEqual(host.seen, ["Refused ProtocolViolation"])
          assert.strictEqual(ended(pipe), "FIN")
          assert.strictEqual(guesses, 0)
        })
    )
  })
})
