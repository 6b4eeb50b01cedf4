import { assert, describe, it } from "@effect/vitest"
import { FrameError, Framing, LengthPrefix } from "../src/index.ts"
import { bytes, textOf } from "./Testers.ts"

describe("Partial", () => {
  it("is a value: appending twice to the same one gives two independent frames", () => {
    const start = Framing.append(Framing.empty, bytes("start "))
    const left = Framing.append(start, bytes("left"))
    const right = Framing.append(start, bytes("right"))
    assert.strictEqual(textOf(Framing.complete(left, bytes("!"))), "start left!")
    assert.strictEqual(textOf(Framing.complete(right, bytes("!"))), "start right!")
    assert.strictEqual(textOf(Framing.complete(start, bytes("again"))), "start again")
  })

  it("does not copy a frame that came in one piece", () => {
    const frame = bytes("whole")
    assert.strictEqual(Framing.complete(Framing.empty, frame), frame)
  })

  it("finds new room a logarithmic number of times when bytes come one by one", () => {
    const rooms = new Set<unknown>()
    let partial = Framing.empty
    for (let length = 0; length < 65_536; length++) {
      partial = Framing.append(partial, new Uint8Array(1))
      rooms.add(partial.room)
    }
    assert.strictEqual(partial.length, 65_536)
    assert.isAtMost(rooms.size, 12)
  })
})

describe("a whole stream", () => {
  it("gives the frames before a bad one, and why there is no other", () => {
    const segments = [bytes("\0\0\0\x04goo"), bytes("d\0\0\0\x05worse"), bytes("\0\0\0\x01!")]
    const decoded = Framing.decodeAll(LengthPrefix.framing, segments, 4)
    assert.deepStrictEqual(decoded.frames.map(textOf), ["good"])
    assert.deepStrictEqual(decoded.error, new FrameError.FrameTooLarge({ limit: 4, size: 5 }))
  })
})

describe("a framing that looks for the next frame", () => {
  const next = (chunk: Uint8Array) =>
    Framing.decodeNext(LengthPrefix.framing, LengthPrefix.framing.initial, chunk, { limit: 100_000 })

  it("makes few frames of a chunk that is full of them", () => {
    const { frames, taken } = next(new Uint8Array(65_536))
    assert.deepStrictEqual([frames.length, taken], [256, 1024])
  })

  it("goes as far as it must for a large one, and no further than a chunk", () => {
    const large = new Uint8Array(65_536)
    large.set([0, 0, 0x27, 0x10])
    assert.deepStrictEqual([next(large).frames[0]?.length, next(large).taken], [10_000, 15_360])
    const { frames, state, taken } = next(large.subarray(0, 9000))
    assert.deepStrictEqual([frames, LengthPrefix.framing.pending(state), taken], [[], 9000, 9000])
  })

  it("gives the frames before a bad one, and why there is no other", () => {
    const { error, frames } = next(bytes("\0\0\0\x04good\xff\xff"))
    assert.deepStrictEqual([frames.map(textOf), error?._tag], [["good"], "FrameTooLarge"])
  })
})
