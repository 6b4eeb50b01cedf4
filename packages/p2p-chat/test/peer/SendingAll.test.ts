/** Many texts at once: as fast as they are taken, none of them lost. */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { elapse, heardBy, id, ipOf, narrow, settle, simulate, texts, toldOf, visit } from "./Network.ts"
import { joiner } from "./Raw.ts"

/** That a neighbour was sent something. */
const sent = (to: number, data: string) =>
  ({ _tag: "Sent", to: id(to), data, result: { _tag: "Delivered", nextHop: id(to) } }) as const

const tally = (results: ReadonlyArray<{ readonly _tag: string }>, tag: string) =>
  results.filter(({ _tag }) => _tag === tag).length

describe("many texts", () => {
  simulate.each([
    ...narrow,
    { room: "1 byte", config: { maxOutboxBytes: 1 } }
  ])(
    "arrive in their order, and are told as sent, where there is room for $room",
    function*({ config }) {
      const peer = yield* visit(10, undefined, { config })
      const other = yield* visit(11, 10)
      const sending = yield* Effect.forkChild(peer.sendAll(id(11), texts(1000)))
      yield* settle
      const results = yield* Fiber.join(sending)
      assert.deepStrictEqual(results, texts(1000).map(() => ({ _tag: "Delivered", nextHop: id(11) })))
      yield* elapse("1 second")
      assert.deepStrictEqual(heardBy(other), texts(1000).map((text) => `10: ${text}`))
      assert.deepStrictEqual(toldOf(peer, "Sent"), texts(1000).map((data) => sent(11, data)))
    }
  )

  simulate("wait for a neighbour that does not read, and are kept once it is let go", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const peer = yield* visit(10, undefined, { config: { maxOutbox: 16 } })
    yield* joiner(20, 10, 1)
    yield* network.clog(ipOf(20))
    const sending = yield* Effect.forkChild(peer.sendAll(id(20), texts(1000, 1000)))
    yield* elapse("9 seconds")
    assert.isUndefined(sending.pollUnsafe())
    assert.deepStrictEqual(yield* peer.buffer, [])
    yield* elapse("2 seconds")
    const results = yield* Fiber.join(sending)
    assert.strictEqual(results.length, 1000)
    assert.isAbove(tally(results, "Buffered"), 800)
    assert.isAbove((yield* peer.buffer)[0]?.messages ?? 0, 800)
  })

  simulate("for somebody who cannot be reached are kept, as far as there is room", function*() {
    const peer = yield* visit(10, undefined, { config: { maxStored: 5 } })
    assert.strictEqual(tally(yield* peer.sendAll(id(20), texts(3)), "Buffered"), 3)
    const error = yield* Effect.flip(peer.sendAll(id(20), texts(3)))
    assert.strictEqual(error.reason._tag, "BufferFull")
    assert.deepStrictEqual(yield* peer.buffer, [{ id: id(20), messages: 5 }])
    yield* settle
    assert.strictEqual(toldOf(peer, "Sent").length, 5)
  })

  simulate("are not sent at all where one of them is too large, or the receiver is nobody", function*() {
    const peer = yield* visit(10, undefined, { config: { maxFrameBytes: 1000 } })
    const reasonOf = (to: number, texts: ReadonlyArray<string>) =>
      Effect.map(Effect.flip(peer.sendAll(id(to), texts)), ({ reason }) => reason._tag)
    assert.strictEqual(yield* reasonOf(20, ["fits", "x".repeat(1000)]), "MessageTooLarge")
    assert.strictEqual(yield* reasonOf(10, ["to myself"]), "ToSelf")
    assert.strictEqual(yield* reasonOf(0, ["to nobody"]), "InvalidId")
    assert.deepStrictEqual(yield* peer.sendAll(id(20), []), [])
    assert.deepStrictEqual(yield* peer.buffer, [])
  })
})
