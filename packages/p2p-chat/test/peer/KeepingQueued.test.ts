/** What is on its way to a neighbour that goes away is kept, in its order, as far as it was not sent yet. */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { elapse, id, ipOf, narrow, settle, simulate, texts, visit } from "./Network.ts"
import { join, joiner } from "./Raw.ts"

describe("what a peer has yet to say to a neighbour", () => {
  simulate("that goes away in the middle of a burst is what that one hears when it comes back", function*() {
    const peer = yield* visit(10)
    const before = yield* joiner(20, 10)
    for (const text of texts(100)) yield* peer.send(id(20), text)
    yield* elapse("50 millis")
    before.pipe.end()
    yield* settle
    const heard = before.heardTexts
    assert.isAbove(heard.length, 0)
    assert.deepStrictEqual(yield* peer.buffer, [{ id: id(20), messages: 100 - heard.length }])
    const after = yield* joiner(20, 10)
    yield* elapse("1 second")
    assert.deepStrictEqual([...heard, ...after.heardTexts], texts(100))
    assert.deepStrictEqual(yield* peer.buffer, [])
  })

  simulate.each(narrow)(
    "waits in its order behind what there was no room for, which is $room, and goes on when there is",
    function*({ config }) {
      const peer = yield* visit(10, undefined, { config })
      const neighbour = yield* joiner(20, 10)
      const results: Array<string> = []
      for (const text of texts(100)) results.push((yield* peer.send(id(20), text))._tag)
      assert.include(results, "Buffered")
      yield* elapse("1 second")
      assert.deepStrictEqual(neighbour.heardTexts, texts(100))
      assert.deepStrictEqual(yield* peer.buffer, [])
    }
  )

  simulate("that does not read is kept once that one is let go, but for what is under way", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const peer = yield* visit(10)
    const deaf = yield* joiner(20, 10, 1)
    yield* network.clog(ipOf(20))
    const long = texts(1000, 1000)
    for (const text of long) {
      yield* peer.send(id(20), text)
      yield* settle
    }
    yield* elapse("10 seconds")
    const [row] = yield* peer.buffer
    yield* network.unclog(ipOf(20))
    yield* settle
    assert.notStrictEqual(deaf.end, "Open")
    const after = yield* joiner(20, 10, 1)
    yield* elapse("1 second")
    assert.deepStrictEqual(after.heardTexts, long.slice(1000 - (row?.messages ?? 0)))
    assert.isAtLeast(row?.messages ?? 0, 800)
  })

  simulate("for somebody behind it takes the other way when there is one", function*() {
    const peer = yield* visit(10)
    const [one, other] = [yield* joiner(11, 10), yield* joiner(12, 10)]
    one.say(join(20, 11))
    yield* settle
    other.say(join(20, 12))
    yield* settle
    for (const text of texts(100)) yield* peer.send(id(20), text)
    yield* elapse("50 millis")
    one.pipe.end()
    yield* elapse("1 second")
    assert.deepStrictEqual([...one.heardTexts, ...other.heardTexts], texts(100))
  })
})
