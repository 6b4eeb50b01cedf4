/** How fast an original is spoken to, which loses its connection when more comes than it has room for. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { elapse, id, settle, simulate, visit } from "./Network.ts"
import { chat, join, joiner, type Raw } from "./Raw.ts"

const chats = ({ heard }: Raw) => heard.filter(({ _tag }) => _tag === "Chat").length

/** A peer that has so many messages of a length to say to a joiner. */
const speaking = Effect.fnUntraced(function*(count: number, length: number, { extension = 0, filler = "x" } = {}) {
  const peer = yield* visit(10)
  const neighbour = yield* joiner(20, 10, extension)
  yield* elapse("1 second")
  for (let index = 0; index < count; index++) yield* peer.send(id(20), `${index} `.padEnd(length, filler))
  yield* settle
  return neighbour
})

describe("a burst to an original", () => {
  simulate("has a pause of 20 milliseconds after each 8 messages", function*() {
    const original = yield* speaking(20, 100)
    assert.strictEqual(chats(original), 8)
    yield* elapse("19 millis")
    assert.strictEqual(chats(original), 8)
    yield* elapse("1 millis")
    assert.strictEqual(chats(original), 16)
    yield* elapse("20 millis")
    assert.strictEqual(chats(original), 20)
  })

  simulate("counts a message for the segments that it fills", function*() {
    const original = yield* speaking(6, 4 * 1400 - 100)
    assert.strictEqual(chats(original), 2)
    yield* elapse("20 millis")
    assert.strictEqual(chats(original), 4)
  })

  simulate("counts what text takes on the wire, not its letters", function*() {
    // Three bytes each: three segments a message, for which there are 7.5 milliseconds.
    const original = yield* speaking(20, 1390, { filler: "\u20ac" })
    const first = chats(original)
    assert.isBelow(first, 20)
    yield* elapse(first * 7.5 - 1)
    assert.strictEqual(chats(original), first)
    yield* elapse(1)
    assert.isAbove(chats(original), first)
  })

  simulate("has a pause as much longer as a message is larger than a burst", function*() {
    const original = yield* speaking(2, 24 * 1400 - 100)
    assert.strictEqual(chats(original), 1)
    yield* elapse("59 millis")
    assert.strictEqual(chats(original), 1)
    yield* elapse("1 millis")
    assert.strictEqual(chats(original), 2)
  })

  simulate("to one of ours has none", function*() {
    const ours = yield* speaking(200, 1000, { extension: 1 })
    assert.strictEqual(chats(ours), 200)
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
