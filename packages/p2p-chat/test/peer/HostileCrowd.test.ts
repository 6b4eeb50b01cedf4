/** A neighbour that announces without end: others hear of it within bounds, and nobody but itself is let go for it. */
import { assert, describe } from "@effect/vitest"
import type { PeerId } from "@peerage/p2p-chat"
import { MemoryNetwork } from "@peerage/transport"
import { assertPeace, hostile, village } from "./HostileVillage.ts"
import { elapse, id, ipOf, numbers, reached, settle, simulate, toldOf, visit } from "./Network.ts"
import { join, joiner, leave, type Raw } from "./Raw.ts"

const ids = (count: number) => numbers(500, count)

describe("a neighbour whose peers come and go without end", () => {
  simulate(
    "is not passed on word for word: of each peer others hear once, whatever was said of it meanwhile",
    function*() {
      const honest = yield* village()
      const raw = yield* joiner(hostile, 10)
      const witness = yield* joiner(67, 10)
      const before = witness.words.length
      const round = ids(20).flatMap((number) => [join(number, hostile), leave(number)])
      raw.sayAtOnce([...Array.from({ length: 100 }, () => round).flat(), ...ids(20).map((id) => join(id, hostile))])
      // As an original it is told of eight at a time.
      yield* elapse("1 second")
      assert.deepStrictEqual(witness.words.slice(before).sort(), ids(20).map((id) => `JOIN ${id}`))
      assert.strictEqual(raw.end, "Open")
      yield* assertPeace(honest)
    }
  )

  simulate(
    "is passed on to one that reads slowly as far as that keeps up, and in the end as it is then",
    function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const honest = yield* village()
      const raw = yield* joiner(hostile, 10)
      const slow = yield* joiner(67, 10, 1)
      yield* network.clog(ipOf(67))
      for (let round = 0; round < 10; round++) {
        raw.sayAtOnce(ids(1000).map((id) => join(id, hostile)))
        yield* elapse("100 millis")
        raw.sayAtOnce(ids(1000).map(leave))
        yield* elapse("100 millis")
      }
      raw.sayAtOnce([join(500, hostile), join(501, hostile)])
      yield* network.unclog(ipOf(67))
      yield* settle
      const known = new Set<PeerId.PeerId>()
      for (const message of slow.heard) {
        if (message._tag === "Join") known.add(message.id)
        if (message._tag === "Leave") known.delete(message.id)
      }
      assert.deepStrictEqual([...known].sort(), [10, 11, 12, 13, 66, 500, 501].slice(1).map(id).sort())
      assert.isBelow(slow.heard.length, 10_000)
      assert.deepStrictEqual([raw.end, slow.end], ["Open", "Open"])
      yield* assertPeace(honest)
    }
  )
})

const crowd = (from: number, to: number) => (raw: Raw) =>
  raw.sayAtOnce(numbers(1000 + from, to - from).map((id) => join(id, hostile)))

describe("a neighbour that announces", () => {
  simulate.each([{ how: "500 at a time", portion: 500 }, { how: "200,000 at once", portion: 200_000 }])(
    "more peers than there may be, $how, is let go with all of them, and only it",
    function*({ portion }) {
      const honest = yield* village({ maxPeers: 2000 })
      const raw = yield* joiner(hostile, 10, 1)
      for (let from = 0; from < 200_000 && raw.end === "Open"; from += portion) {
        crowd(from, from + portion)(raw)
        yield* settle
      }
      assert.strictEqual(raw.end, "Fin")
      assert.deepStrictEqual(toldOf(honest.first, "Left").filter(({ peer }) => peer === id(hostile)), [
        { _tag: "Left", peer: id(hostile), reason: "TooMany" }
      ])
      // The list of so many had a pause behind it.
      yield* elapse("20 millis")
      assert.deepStrictEqual(yield* reached(honest.fourth), [10, 11, 12])
      yield* assertPeace(honest)
    }
  )

  simulate("more peers than are told of in one turn has a newcomer told of all of them", function*() {
    const honest = yield* village()
    const raw = yield* joiner(hostile, 10)
    crowd(0, 3000)(raw)
    yield* settle
    const late = yield* visit(14, 10)
    yield* elapse("1 seconds")
    assert.strictEqual((yield* reached(late)).length, 3000 + 5)
    yield* assertPeace(honest)
  })

  simulate("exactly as many as there may be makes nobody else one that announces too many", function*() {
    const honest = yield* village({ maxPeers: 20 })
    const raw = yield* joiner(hostile, 10)
    crowd(0, 20)(raw)
    yield* settle
    assert.deepStrictEqual([raw.end, (yield* reached(honest.first)).length], ["Open", 24])
    assert.strictEqual((yield* reached(honest.second)).length, 23)
    yield* assertPeace(honest)
    // Others do not hear of who comes later as long as it stays.
    const late = yield* visit(14, 10, { config: { maxPeers: 20 } })
    assert.deepStrictEqual(yield* reached(late), [10, 11, 12, 13, hostile, ...numbers(1000, 16)])
    assert.notInclude(yield* reached(honest.second), 14)
    raw.pipe.end()
    yield* settle
    assert.deepStrictEqual(yield* reached(honest.second), [10, 12, 13, 14])
    assert.deepStrictEqual(yield* reached(honest.fourth), [10, 11, 12, 14])
    assert.deepStrictEqual(yield* reached(late), [10, 11, 12, 13])
    yield* assertPeace(honest)
  })
})
