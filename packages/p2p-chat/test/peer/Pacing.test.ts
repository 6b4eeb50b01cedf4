/** How fast an original is spoken to, which loses its connection when more comes than it has room for. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { elapse, id, settle, simulate, visit } from "./Network.ts"
import { chat, join, joiner } from "./Raw.ts"

/** A peer that has so many messages of a length to say to a joiner. */
const speaking = Effect.fnUntraced(function*(count: number, length: number, filler = "x") {
  const peer = yield* visit(10)
  const neighbour = yield* joiner(20, 10)
  yield* elapse("1 second")
  for (let index = 0; index < count; index++) yield* peer.send(id(20), `${index} `.padEnd(length, filler))
  yield* settle
  return neighbour
})

describe("a burst to an original", () => {
  simulate.each([
    {
      what: "has a pause of 20 milliseconds after each 8 messages",
      count: 20,
      length: 100,
      heard: [8, 16, 20],
      pause: 20
    },
    {
      what: "counts a message for the segments that it fills",
      count: 6,
      length: 4 * 1400 - 100,
      heard: [2, 4],
      pause: 20
    },
    {
      what: "has a pause as much longer as a message is larger than a burst",
      count: 2,
      length: 24 * 1400 - 100,
      heard: [1, 2],
      pause: 60
    }
  ])("$what", function*({ count, heard, length, pause }) {
    const original = yield* speaking(count, length)
    for (const [index, expected] of heard.entries()) {
      if (index > 0) yield* elapse(pause - 1)
      assert.strictEqual(original.heardTexts.length, heard[index - 1] ?? expected)
      if (index > 0) yield* elapse(1)
      assert.strictEqual(original.heardTexts.length, expected)
    }
  })

  simulate("counts what text takes on the wire, not its letters", function*() {
    // Three bytes each: three segments a message, for which there are 7.5 milliseconds.
    const original = yield* speaking(20, 1390, "\u20ac")
    const first = original.heardTexts.length
    assert.isBelow(first, 20)
    yield* elapse(first * 7.5 - 1)
    assert.strictEqual(original.heardTexts.length, first)
    yield* elapse(1)
    assert.isAbove(original.heardTexts.length, first)
  })
})

describe("what comes in one read", () => {
  simulate("is passed on to one of ours in one write, first and last message alike", function*() {
    yield* visit(10)
    const [from, to] = [yield* joiner(11, 10), yield* joiner(12, 10, 1)]
    const before = to.segments.length
    from.sayAtOnce([chat(11, 12, "one"), join(20, 11), chat(11, 12, "two"), join(21, 11)])
    yield* settle
    assert.deepStrictEqual(to.words.slice(-4), ["11 to 12: one", "11 to 12: two", "JOIN 20", "JOIN 21"])
    assert.strictEqual(to.segments.length, before + 1)
  })
})
