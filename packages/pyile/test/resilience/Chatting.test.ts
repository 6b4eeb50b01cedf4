import { assert, describe, it } from "@effect/vitest"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect } from "effect"
import { elapse, host, hostIp, join, peersOf, settle, simulated, stranger, visit } from "../peer/Network.ts"
import { house } from "./House.ts"

/** A chat connection from a member to another. */
const calling = (ip: string, to: PeerAddress.PeerAddress) => stranger(ip, PeerAddress.port(to), PeerAddress.host(to))

describe("a chat connection", () => {
  it.effect("ends with the host it leads to, though it says nothing", () =>
    Effect.gen(function*() {
      const { hosting, stop } = yield* house()
      yield* join("10.0.0.2")
      const idle = yield* calling("10.0.0.2", hosting.self)
      assert.strictEqual(idle.end, "Open")
      yield* stop
      assert.strictEqual(idle.end, "Fin")
    }).pipe(simulated))

  it.effect("ends with the joiner it leads to, though it says nothing", () =>
    Effect.gen(function*() {
      yield* host()
      const ann = yield* visit("10.0.0.2")
      yield* join("10.0.0.3")
      yield* elapse("1 second")
      const idle = yield* calling("10.0.0.3", ann.self)
      assert.strictEqual(idle.end, "Open")
      yield* ann.leave
      assert.strictEqual(idle.end, "Fin")
    }).pipe(simulated))

  it.effect("is reset 4 seconds after it began, though it says a byte each second", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      yield* join("10.0.0.2")
      const dripping = yield* calling("10.0.0.2", hosting.self)
      for (const byte of `{"da`) {
        dripping.write(byte)
        assert.strictEqual(dripping.end, "Open")
        yield* elapse("1 second")
      }
      assert.notInclude(["Open", "Fin"], dripping.end)
    }).pipe(simulated))
})

describe("conversations", () => {
  it.effect("are bounded in bytes, and the oldest messages go first", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ config: { maxHistoryBytes: 4000 } })
      const ann = yield* join("10.0.0.2")
      const bob = yield* join("10.0.0.3")
      const said = (count: number) => `${count}${"x".repeat(900)}`
      for (let count = 0; count < 3; count++) yield* ann.send(hosting.self, said(count))
      for (let count = 3; count < 6; count++) yield* bob.send(hosting.self, said(count))
      const kept = Effect.fnUntraced(function*(peer: PeerAddress.PeerAddress) {
        return (yield* hosting.history.messages(peer)).map(({ data }) => String(data).slice(0, 1))
      })
      assert.deepStrictEqual([yield* kept(ann.self), yield* kept(bob.self)], [["2"], ["3", "4", "5"]])
    }).pipe(simulated))

  it.effect("under false names are one, and displace nobody's", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ config: { maxConversations: 3 } })
      const ann = yield* join("10.0.0.2")
      const bob = yield* join("10.0.0.3")
      yield* ann.send(hosting.self, "hello")
      yield* bob.send(hosting.self, "hello")
      for (let count = 0; count < 50; count++) {
        const liar = yield* calling("10.0.0.3", hosting.self)
        liar.write(`{"data": "${count}", "alias": "eve", "to": ["${hostIp}", 1], "from": ["10.9.9.${count}", 1]}`)
        yield* settle
      }
      assert.deepStrictEqual(yield* hosting.history.conversations, [ann.self, bob.self, "Mismatch"])
      assert.strictEqual((yield* hosting.history.messages("Mismatch")).length, 50)
    }).pipe(simulated))

  it.effect.each([
    { what: "what is no number", data: Number.NaN, reason: "NotJson" },
    { what: "5,000 bytes", data: "x".repeat(5000), reason: "MessageTooLarge" }
  ])(
    "take no broadcast of $what, even where nobody is to get it",
    ({ data, reason }) =>
      Effect.gen(function*() {
        const hosting = yield* host()
        assert.deepStrictEqual(yield* peersOf(hosting), [])
        assert.strictEqual((yield* Effect.flip(hosting.broadcast(data))).reason._tag, reason)
        assert.deepStrictEqual(yield* hosting.history.conversations, [])
      }).pipe(simulated)
  )
})
