import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/pyile"
import { Transport } from "@peerage/transport"
import { Effect } from "effect"
import { host, knows, manyLoopbacks, member, next, onThisMachine } from "./Loopback.ts"

const data = { text: "wörld ✓ 😀 \"quoted\" \\ \n", list: [1, 2.5, null, true] }

describe("on loopback, chat", () => {
  it.live("goes both ways between a host and a joiner", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* member(hosting, { alias: "ann" })
      const [atAnn, atHost] = [yield* next(ann, "Message"), yield* next(hosting, "Message")]
      assert.deepStrictEqual((yield* hosting.send(ann.self, data)).acknowledged, [ann.self])
      assert.deepStrictEqual((yield* ann.send(hosting.self, data)).acknowledged, [hosting.self])
      assert.deepInclude(yield* atAnn, { from: hosting.self, to: ann.self, alias: "host", data })
      assert.deepInclude(yield* atHost, { from: ann.self, to: hosting.self, alias: "ann", data })
    }).pipe(onThisMachine))

  it.live("reaches everybody by a broadcast", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* member(hosting)
      const bob = yield* member(hosting)
      yield* knows(ann, [hosting.self, bob.self])
      const heard = yield* Effect.forEach([hosting, bob], (peer) => next(peer, "Message"))
      assert.deepStrictEqual(yield* ann.broadcast(data), {
        acknowledged: [hosting.self, bob.self],
        written: [],
        failed: []
      })
      for (const message of heard) assert.deepInclude(yield* message, { from: ann.self, to: "Broadcast", data })
    }).pipe(onThisMachine))

  it.live("carries 2048 bytes and tells the sender of one more", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* member(hosting)
      const error = yield* Effect.flip(hosting.send(ann.self, "x".repeat(2048)))
      assert.strictEqual(error.reason._tag, "MessageTooLarge")
      const room = 2048 - ("bytes" in error.reason ? error.reason.bytes - 2048 : 0)
      assert.deepStrictEqual((yield* hosting.send(ann.self, "x".repeat(room))).acknowledged, [ann.self])
      assert.deepInclude((yield* Effect.flip(hosting.send(ann.self, "x".repeat(room + 1)))).reason, { bytes: 2049 })
    }).pipe(onThisMachine))

  it.live.runIf(manyLoopbacks)(
    "says whom a message is from, by the address it came from",
    () =>
      Effect.gen(function*() {
        const hosting = yield* host()
        const ann = yield* member(hosting, { listen: "127.0.0.2" })
        const honest = yield* next(hosting, "Message")
        yield* ann.send(hosting.self, "as myself")
        assert.deepInclude(yield* honest, { from: ann.self, sender: "Verified" })

        // An original on 127.0.0.2 lets the system choose its source, which is 127.0.0.1: heard, but not believed.
        const original = yield* next(hosting, "Message")
        const text = `{"data": "hi", "alias": "bob", "to": "Broadcast", "from": ["127.0.0.2", ${
          PeerAddress.port(ann.self)
        }]}`
        const transport = yield* Transport.Transport
        yield* transport.request(PeerAddress.toInet(hosting.self), new TextEncoder().encode(text), { answerWithin: 0 })
        assert.deepInclude(yield* original, { from: ann.self, sender: "Mismatch", data: "hi" })
      }).pipe(onThisMachine)
  )
})
