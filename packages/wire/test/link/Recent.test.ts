/** Long messages that many peers of one process receive alike are read once. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { decode } from "../../src/link/Encoding.ts"
import { Recent } from "../../src/link/Recent.ts"
import { format } from "../JsonLines.ts"

const encoder = new TextEncoder()
const frame = (last: string, words = 200) =>
  encoder.encode(JSON.stringify({ words: [...Array.from({ length: words }, () => "word"), last] }))

const Words = Schema.Struct({ words: Schema.Array(Schema.String) })
const Shared = Words.annotate({ identifier: "Shared", shared: true })

describe("a message that is shared", () => {
  const read = (bytes: Uint8Array) => Result.getOrThrow(decode(format, Shared, bytes))

  it("is read once where its bytes are the same, and anew where they are not", () => {
    const first = read(frame("a"))
    assert.strictEqual(read(frame("a")), first)
    assert.deepStrictEqual(read(frame("b")).words.at(-1), "b")
    assert.deepStrictEqual(read(frame("a", 201)).words.length, 202)
    assert.strictEqual(read(frame("a")), first)
  })

  it("is read anew where it is short, and in another format", () => {
    assert.notStrictEqual(read(frame("a", 1)), read(frame("a", 1)))
    assert.notStrictEqual(read(frame("a")), Result.getOrThrow(decode({ ...format }, Shared, frame("a"))))
  })

  it("is one that says so", () => {
    const alone = () => Result.getOrThrow(decode(format, Words, frame("a")))
    assert.notStrictEqual(alone(), alone())
  })

  it("is refused each time where it does not fit", () => {
    const wrong = encoder.encode(JSON.stringify({ words: "x".repeat(1000) }))
    for (let time = 0; time < 2; time++) assert.isTrue(Result.isFailure(decode(format, Shared, wrong)))
  })
})

describe("what was read lately", () => {
  it("is not what the receiver does with its bytes later", () => {
    const recent = new Recent<string>()
    const bytes = frame("a")
    recent.add(bytes, "value")
    bytes[5] = 0
    assert.isUndefined(recent.get(bytes))
    assert.strictEqual(recent.get(frame("a")), "value")
  })

  it("is few values", () => {
    const recent = new Recent<number>()
    for (let index = 0; index < 5; index++) recent.add(frame(`${index}`), index)
    assert.isUndefined(recent.get(frame("0")))
    assert.deepStrictEqual([1, 2, 3, 4].map((index) => recent.get(frame(`${index}`))), [1, 2, 3, 4])
  })
})
