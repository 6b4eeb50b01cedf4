import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { SocketFailure } from "@peerage/transport"
import { Bytes, Effect, Schema } from "effect"
import { ByteBuffer } from "../../src/link/ByteBuffer.ts"

const encoder = new TextEncoder()
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const size = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 }))
const Step = Schema.TaggedUnion({
  Arrive: { pieces: Schema.Array(Schema.String.check(Schema.isMaxLength(6), Schema.isPattern(/^[a-z]*$/))) },
  Peek: { size },
  Take: { size }
})

describe("a buffer of bytes", () => {
  it.effect.prop(
    "is one text, whatever pieces it came in and is taken in",
    { steps: Schema.Array(Step) },
    ({ steps }) =>
      Effect.sync(() => {
        const buffer = new ByteBuffer()
        let text = ""
        for (const step of steps) {
          if (step._tag === "Arrive") {
            buffer.absorb(step.pieces.map((piece) => encoder.encode(piece)))
            text += step.pieces.join("")
          } else {
            const got = step._tag === "Peek" ? buffer.peek(step.size) : buffer.take(step.size)
            assert.strictEqual(textOf(got), text.slice(0, step.size))
            if (step._tag === "Take") text = text.slice(step.size)
          }
          assert.strictEqual(buffer.available, text.length)
          assert.isAtMost(buffer.piece, text.length)
          assert.strictEqual(buffer.piece === 0, text === "")
        }
      }),
    Property.tries(200)
  )

  it.effect.prop(
    "joins and splits chunks that are too large to be joined as they come",
    { lengths: Schema.Array(Schema.Natural), sizes: Schema.Array(Schema.Natural) },
    (input) =>
      Effect.sync(() => {
        const lengths = input.lengths.map((length) => length * 997 % 3000)
        const whole = Uint8Array.from({ length: lengths.reduce((sum, length) => sum + length, 0) }, (_, index) => index)
        const buffer = new ByteBuffer()
        let at = 0
        buffer.absorb(lengths.map((length) => whole.subarray(at, at += length)))
        let from = 0
        for (const size of [...input.sizes.map((size) => size * 997 % 4000), whole.length]) {
          assert.deepStrictEqual(Bytes.concat([buffer.take(size)]), whole.slice(from, from + size))
          from = Math.min(from + size, whole.length)
          assert.strictEqual(buffer.available, whole.length - from)
        }
      }),
    Property.tries(50)
  )

  it("joins bytes that come one by one, so that they cost hardly more memory than they are", () => {
    const buffer = new ByteBuffer()
    for (let byte = 0; byte < 10_000; byte++) buffer.absorb([Uint8Array.of(byte)])
    const pieces: Array<number> = []
    while (buffer.available > 0) pieces.push(buffer.take(buffer.piece).length)
    assert.strictEqual(pieces.reduce((sum, length) => sum + length, 0), 10_000)
    assert.isAtMost(pieces.length, 11)
  })

  it.each([1, 7, 100, 513, 1024])("holds no more than twice the bytes that come in segments of %i", (length) => {
    const buffer = new ByteBuffer()
    for (let bytes = 0; bytes < 300_000; bytes += length) buffer.absorb([new Uint8Array(length)])
    const held = new Map<ArrayBufferLike, number>()
    while (buffer.available > 0) {
      const chunk = buffer.take(buffer.piece)
      held.set(chunk.buffer, chunk.buffer.byteLength)
    }
    assert.isAtMost([...held.values()].reduce((sum, size) => sum + size, 0), 2 * 300_000)
    assert.isAtMost(held.size, 20)
  })

  it("drops what nobody will take", () => {
    const buffer = new ByteBuffer()
    buffer.absorb([new Uint8Array(2000), Uint8Array.of(1), Uint8Array.of(2)])
    buffer.clear()
    assert.deepStrictEqual([buffer.available, buffer.piece, buffer.peek(10).length], [0, 0, 0])
    buffer.absorb([Uint8Array.of(3)])
    assert.deepStrictEqual(buffer.take(9), Uint8Array.of(3))
  })

  it("does not copy large chunks", () => {
    const buffer = new ByteBuffer()
    const chunks = [new Uint8Array(2000), new Uint8Array(2000)]
    buffer.absorb(chunks)
    assert.deepStrictEqual(
      chunks.map((chunk) => buffer.take(2000) === chunk),
      [true, true]
    )
  })

  it("changes its version with everything that happens, and keeps the first end", () => {
    const buffer = new ByteBuffer()
    buffer.absorb([Uint8Array.of(1)])
    const reset = SocketFailure.readFailed(SocketFailure.systemError("ECONNRESET", "read"))
    const before = buffer.version
    buffer.end(reset)
    assert.notStrictEqual(buffer.version, before)
    const after = buffer.version
    buffer.end(SocketFailure.closed(1006))
    assert.deepStrictEqual([buffer.version, buffer.ending, buffer.ended()], [after, reset, reset])
  })
})
