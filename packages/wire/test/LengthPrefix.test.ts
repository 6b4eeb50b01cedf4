import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { FrameError, Framing, LengthPrefix } from "../src/index.ts"
import { cut, oneByOne } from "./Cuts.ts"

const { decode, encode, initial, pending } = LengthPrefix.framing
const limit = 1000

const decodeAll = (segments: Iterable<Uint8Array>, limit: number) =>
  Framing.decodeAll(LengthPrefix.framing, segments, limit)
const numbers = (frames: ReadonlyArray<Uint8Array>) => frames.map((frame) => [...frame])
const joined = (frames: ReadonlyArray<Uint8Array>) => Uint8Array.from(frames.flatMap((frame) => [...frame]))

/** A header alone. */
const announcing = (length: number) => {
  const header = new Uint8Array(4)
  new DataView(header.buffer).setUint32(0, length)
  return header
}

describe.each([
  { name: "no frame", wire: [], frames: [] },
  { name: "an empty frame", wire: [0, 0, 0, 0], frames: [[]] },
  { name: "one byte", wire: [0, 0, 0, 1, 100], frames: [[100]] },
  { name: "a payload that looks like a header", wire: [0, 0, 0, 4, 0, 0, 0, 9], frames: [[0, 0, 0, 9]] },
  {
    name: "frames of several lengths",
    wire: [0, 0, 0, 3, 97, 98, 99, 0, 0, 0, 0, 0, 0, 0, 1, 100],
    frames: [[97, 98, 99], [], [100]]
  },
  {
    name: "a length of two bytes, the greater one first",
    wire: [0, 0, 1, 2, ...new Uint8Array(258).fill(7)],
    frames: [[...new Uint8Array(258).fill(7)]]
  }
])("$name", ({ frames, wire }) => {
  const bytes = Uint8Array.from(wire)

  it("decodes the same cut at every byte", () => {
    for (let at = 0; at <= bytes.length; at++) {
      const decoded = decodeAll(cut(bytes, [at]), limit)
      assert.deepStrictEqual(numbers(decoded.frames), frames)
      assert.strictEqual(decoded.error, undefined)
    }
    assert.deepStrictEqual(numbers(decodeAll(oneByOne(bytes), limit).frames), frames)
  })

  it("is what the frames encode to", () => {
    assert.deepStrictEqual(joined(frames.map((frame) => encode(Uint8Array.from(frame)))), bytes)
  })

  it("leaves nothing pending", () => {
    assert.strictEqual(pending(decodeAll([bytes], limit).state), 0)
  })
})

describe("frames with a length before them", () => {
  it.effect.prop(
    "are the same however the bytes are cut",
    {
      payloads: Schema.Array(Schema.Uint8Array).check(Schema.isMaxLength(8)),
      cuts: Schema.Array(Schema.Natural.check(Schema.isLessThanOrEqualTo(200)))
    },
    ({ cuts, payloads }) =>
      Effect.sync(() => {
        const decoded = decodeAll(cut(joined(payloads.map(encode)), cuts), 100_000)
        assert.deepStrictEqual(numbers(decoded.frames), numbers(payloads))
        assert.strictEqual(pending(decoded.state), 0)
        assert.strictEqual(decoded.error, undefined)
      })
  )

  it("come from the middle of a larger buffer, header and all", () => {
    const around = joined([Uint8Array.of(1, 2, 3), encode(Uint8Array.of(42)), Uint8Array.of(1, 2, 3)])
    assert.deepStrictEqual(numbers(decode(initial, around.subarray(3, 8), limit).frames), [[42]])
  })

  it("are not copied when they came in one piece", () => {
    const segment = encode(Uint8Array.of(1, 2, 3))
    assert.strictEqual(decode(initial, segment, limit).frames[0]?.buffer, segment.buffer)
  })

  it("are complete with their last byte, an empty one with its header", () => {
    const almost = decodeAll(oneByOne(Uint8Array.of(0, 0, 0)), limit)
    assert.deepStrictEqual(numbers(decode(almost.state, Uint8Array.of(0), limit).frames), [[]])
    const begun = decode(initial, Uint8Array.of(0, 0, 0, 2, 1), limit)
    assert.deepStrictEqual(numbers(decode(begun.state, Uint8Array.of(2), limit).frames), [[1, 2]])
  })

  it("go on from a state in one way and another, as it is a value", () => {
    const begun = decode(initial, Uint8Array.of(0, 0, 0, 2, 9), limit).state
    assert.deepStrictEqual(numbers(decode(begun, Uint8Array.of(1), limit).frames), [[9, 1]])
    assert.deepStrictEqual(numbers(decode(begun, Uint8Array.of(2), limit).frames), [[9, 2]])
  })
})

describe("an unfinished frame", () => {
  it("is as many pending bytes as came of it, header and payload", () => {
    const frame = encode(Uint8Array.of(1, 2, 3))
    for (let came = 0; came < frame.length; came++) {
      const part = frame.subarray(0, came)
      for (const segments of [[part], oneByOne(part), [joined([encode(new Uint8Array(9)), part])]]) {
        const decoded = decodeAll(segments, limit)
        assert.strictEqual(decoded.frames.length, segments[0]?.length === came + 13 ? 1 : 0)
        assert.strictEqual(pending(decoded.state), came)
        assert.strictEqual(decoded.error, undefined)
      }
    }
  })
})

describe("a limit", () => {
  it.each([{ size: 4 }, { size: 0 }])("lets a payload of $size bytes through that is just as long", ({ size }) => {
    assert.deepStrictEqual(decodeAll([encode(new Uint8Array(size))], size).frames, [new Uint8Array(size)])
  })

  it.each([{ size: 5 }, { size: 4_294_967_295 }])(
    "of 4 refuses a length of $size with the header's last byte, and keeps nothing",
    ({ size }) => {
      const begun = decodeAll(oneByOne(announcing(size).subarray(0, 3)), 4)
      assert.strictEqual(begun.error, undefined)
      const decoded = decode(begun.state, announcing(size).subarray(3), 4)
      assert.deepStrictEqual(decoded.error, new FrameError.FrameTooLarge({ limit: 4, size }))
      assert.strictEqual(pending(decoded.state), 0)
    }
  )

  it("gives the frames before the one it refuses, and keeps nothing of that", () => {
    const decoded = decode(
      initial,
      joined([encode(Uint8Array.of(1)), encode(Uint8Array.of(2)), encode(new Uint8Array(500))]),
      4
    )
    assert.deepStrictEqual(numbers(decoded.frames), [[1], [2]])
    assert.deepStrictEqual(decoded.error, new FrameError.FrameTooLarge({ limit: 4, size: 500 }))
    assert.strictEqual(pending(decoded.state), 0)
  })
})
