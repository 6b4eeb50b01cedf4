/** Many messages at once: one of ours takes them together, an original a few at a time, each frame by itself. */
import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { elapse, heardBy, id, segmentsTo, settle, simulate, texts, visit } from "./Network.ts"
import { original } from "./Original.ts"

describe("a burst of 100 messages", () => {
  simulate("to an original arrives whole, eight at a time, each frame in a segment of its own", function*() {
    const ours = yield* visit(10)
    const leaf = yield* original(20, 10)
    const before = yield* segmentsTo(20)
    const sending = yield* Effect.forkChild(Effect.forEach(texts(100), (text) => ours.send(id(20), text)))
    yield* settle
    assert.deepStrictEqual([(yield* Fiber.join(sending)).length, leaf.heard.length], [100, 8])
    yield* elapse("20 millis")
    assert.strictEqual(leaf.heard.length, 16)
    yield* elapse("1 second")
    assert.deepStrictEqual(leaf.heard, texts(100).map((text) => `10: ${text}`))
    assert.strictEqual(yield* segmentsTo(20), before + 100)
    assert.deepStrictEqual(leaf.harm, [])
  })

  simulate("from ours through ours to an original keeps its pace at the last hop", function*() {
    const ours = yield* visit(10)
    yield* visit(11, 10)
    const leaf = yield* original(20, 11)
    for (const text of texts(100)) yield* ours.send(id(20), text)
    yield* settle
    assert.isAtMost(leaf.heard.length, 8)
    yield* elapse("1 second")
    assert.deepStrictEqual([leaf.heard.length, leaf.harm], [100, []])
  })

  simulate("that one of ours sends another, one after the other, shares segments as well", function*() {
    const [ours, other] = [yield* visit(10), yield* visit(11, 10)]
    const before = yield* segmentsTo(11)
    for (const text of texts(100)) yield* ours.send(id(11), text)
    yield* settle
    assert.deepStrictEqual(heardBy(other), texts(100).map((text) => `10: ${text}`))
    assert.isBelow((yield* segmentsTo(11)) - before, 10)
  })
})
