import { assert, describe, it } from "@effect/vitest"
import { FrameError, Framing, LengthPrefix } from "../src/index.ts"
import { cut, oneByOne } from "./Cuts.ts"
import * as JsonLines from "./JsonLines.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (frame: Uint8Array) => new TextDecoder().decode(frame)
const limit = 100_000

describe("Partial", () => {
  it("is a value: appending twice to the same one gives two independent frames", () => {
    const start = Framing.append(Framing.empty, bytes("start "))
    const left = Framing.append(start, bytes("left"))
    const right = Framing.append(start, bytes("right"))
    assert.strictEqual(text(Framing.complete(left, bytes("!"))), "start left!")
    assert.strictEqual(text(Framing.complete(right, bytes("!"))), "start right!")
    assert.strictEqual(text(Framing.complete(start, bytes("again"))), "start again")
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

const cases = [
  {
    name: "a length prefix",
    decode: (segments: Iterable<Uint8Array>) => Framing.decodeAll(LengthPrefix.framing, segments, limit),
    encode: LengthPrefix.framing.encode,
    wire: Uint8Array.of(0, 0, 0, 3, 97, 98, 99, 0, 0, 0, 0, 0, 0, 0, 1, 100),
    frames: ["abc", "", "d"]
  },
  {
    name: "lines",
    decode: (segments: Iterable<Uint8Array>) => Framing.decodeAll(JsonLines.framing, segments, limit),
    encode: JsonLines.framing.encode,
    wire: bytes("abc\n\nd\n"),
    frames: ["abc", "", "d"]
  }
]

describe.each(cases)("a framing with $name", ({ decode, encode, frames, wire }) => {
  it("gives the same frames cut at every byte", () => {
    for (let at = 0; at <= wire.length; at++) {
      assert.deepStrictEqual(decode(cut(wire, [at])).frames.map(text), frames)
    }
    assert.deepStrictEqual(decode(oneByOne(wire)).frames.map(text), frames)
  })

  it("encodes what it decodes", () => {
    const encoded = frames.flatMap((frame) => [...encode(bytes(frame))])
    assert.deepStrictEqual(Uint8Array.from(encoded), wire)
  })
})

describe("any framing", () => {
  it("gives the frames before a bad one in the same segment", () => {
    const decoded = Framing.decodeAll(JsonLines.framing, [bytes("good\nfar too long\n")], 4)
    assert.deepStrictEqual(decoded.frames.map(text), ["good"])
    assert.deepStrictEqual(decoded.error, new FrameError.FrameTooLarge({ limit: 4, size: 12 }))
  })

  it("counts the bytes of an unfinished frame", () => {
    const { state } = Framing.decodeAll(JsonLines.framing, [bytes("done\nhal"), bytes("f")], limit)
    assert.strictEqual(JsonLines.framing.pending(state), 4)
  })
})
