import { assert, describe, it } from "@effect/vitest"
import { Framing, Link } from "@peerage/wire"
import { Effect, Result, Schema } from "effect"
import { createHash } from "node:crypto"
import { comfortable, format } from "../../src/codec/Frame.ts"
import { PeerMessage } from "../../src/codec/Message.ts"
import { PeerId } from "../../src/codec/PeerId.ts"
import { bytesOf, type Decoded, isWhole, scenarios } from "../fixtures/Vectors.ts"
import { chat, join, leave, response, start } from "../peer/Raw.ts"

const connections = scenarios.flatMap(({ connections }) => connections)
const frames = connections.flatMap(({ frames }) => frames).filter(isWhole)

/** What Python's protobuf read, in our words. */
const expected = (decoded: Decoded): PeerMessage => {
  switch (decoded.type) {
    case "MESSAGE":
      return chat(decoded.message.fr, decoded.message.to, decoded.message.msg)
    case "ANNOUNCEMENT":
      return decoded.announcement.type === "LEAVE"
        ? leave(decoded.announcement.leave.id)
        : join(decoded.announcement.join.id, decoded.announcement.join.via_id)
    case "HANDSHAKE_START":
      return start(decoded.handshakeStart.id)
    case "HANDSHAKE_RESPONSE":
      return response(decoded.handshakeResponse.id, { error: decoded.handshakeResponse.error })
    case "UNKNOWN":
      return { _tag: "Unknown", type: 0 }
  }
}

const decodeAll = (segments: Iterable<Uint8Array>, limit = format.limit) =>
  Framing.decodeAll(format.framing, segments, limit)
const read = (frame: Uint8Array) => Link.decode(format, PeerMessage, frame)
const write = (message: PeerMessage) => Link.encode(format, PeerMessage, message)
const joined = (segments: ReadonlyArray<Uint8Array>) => Uint8Array.from(segments.flatMap((bytes) => [...bytes]))

/** Cuts bytes before each of `cuts`, which may repeat and be beyond the end. */
const cut = (whole: Uint8Array, cuts: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const borders = [0, ...cuts.map((at) => Math.min(at, whole.length)).sort((a, b) => a - b), whole.length]
  return borders.slice(1).map((to, index) => whole.subarray(borders[index], to))
}

describe("a recorded frame", () => {
  const known = frames.flatMap(({ decoded, frame_hex }) =>
    decoded === null ? [] : [{ decoded, bytes: bytesOf(frame_hex) }]
  )

  it("reads as Python's protobuf read it, cut at every byte", () => {
    assert.strictEqual(known.length, 224)
    for (const { bytes, decoded } of known) {
      for (let at = 0; at <= bytes.length; at++) {
        const { error, frames, state } = decodeAll(cut(bytes, [at]))
        assert.deepStrictEqual(frames.map(read), [Result.succeed(expected(decoded))])
        assert.strictEqual(error, undefined)
        assert.strictEqual(format.framing.pending(state), 0)
      }
    }
  })

  it("is written as the original wrote it, where it is too long to be recorded as well", () => {
    for (const { bytes, decoded } of known) assert.deepStrictEqual(write(expected(decoded)), Result.succeed(bytes))
    const long = connections.flatMap(({ frames }) => frames).filter((frame) => !isWhole(frame))
    const bytes = Result.getOrThrow(write(chat(40, 10, "x".repeat(30_000))))
    assert.deepStrictEqual(long.map(({ full_length, sha256 }) => ({ full_length, sha256 })), [
      { full_length: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }
    ])
  })

  it("is malformed where Python's protobuf could not read it", () => {
    const others = frames.filter(({ decoded }) => decoded === null)
    assert.deepStrictEqual(others.map(({ frame_hex }) => frame_hex), ["00000003ffffff"])
    for (const { frame_hex } of others) assert.isTrue(Result.isFailure(read(bytesOf(frame_hex).subarray(4))))
  })
})

describe("a frame", () => {
  const numbers = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 32 - 1 }))
  const messages = Schema.Array(Schema.Union([
    Schema.TaggedStruct("Chat", { from: PeerId, to: PeerId, text: Schema.String }),
    Schema.TaggedStruct("Join", { id: PeerId, via: PeerId, hops: numbers }),
    Schema.TaggedStruct("Leave", { id: PeerId }),
    Schema.TaggedStruct("HandshakeStart", { id: PeerId, extension: numbers }),
    Schema.TaggedStruct("HandshakeResponse", { id: PeerId, error: Schema.Boolean, extension: numbers }),
    Schema.TaggedStruct("Unknown", { type: Schema.Int.check(Schema.isBetween({ minimum: 5, maximum: 2 ** 31 - 1 })) })
  ])).check(Schema.isMaxLength(8))

  /** Half a character, which UTF-8 has no bytes for, arrives as U+FFFD. */
  const whole = (message: PeerMessage): PeerMessage =>
    message._tag === "Chat" ? { ...message, text: message.text.replace(/\p{Cs}/gu, "\ufffd") } : message

  it.effect.prop(
    "holds any message, however its bytes are cut",
    { messages, cuts: Schema.Array(Schema.Natural.check(Schema.isLessThanOrEqualTo(300))) },
    ({ cuts, messages }) =>
      Effect.gen(function*() {
        const written = yield* Effect.forEach(messages, (message) => Effect.fromResult(write(message)))
        const { error, frames, state } = decodeAll(cut(joined(written), cuts))
        assert.deepStrictEqual(frames.map(read), messages.map(whole).map(Result.succeed))
        assert.strictEqual(error, undefined)
        assert.strictEqual(format.framing.pending(state), 0)
      })
  )
})

describe("the size of a frame", () => {
  /** A message of so many letters, and ids of one digit. */
  const letters = (count: number) => chat(1, 2, "x".repeat(count))
  const bytesAround = 14

  it("is 65,536 bytes at most", () => {
    const largest = letters(format.limit - bytesAround)
    const { error, frames } = decodeAll([Result.getOrThrow(write(largest))])
    assert.deepStrictEqual(frames.map(read), [Result.succeed<PeerMessage>(largest)])
    assert.strictEqual(error, undefined)
    const larger = Result.getOrThrow(write(letters(format.limit - bytesAround + 1)))
    assert.deepInclude(decodeAll([larger]).error, { _tag: "FrameTooLarge", limit: 65_536, size: 65_537 })
  })

  it.each([
    ["the header of 300,014 bytes that an original was sent", "000493ee", 300_014],
    ["4 GiB", "ffffffff", 4_294_967_295],
    ["text where a header belongs", "48454c4f", 1_212_501_071]
  ])("is refused before anything is kept: %s", (_, header, size) => {
    const decoded = decodeAll(cut(bytesOf(header), [1, 2, 3]))
    assert.deepInclude(decoded.error, { _tag: "FrameTooLarge", limit: 65_536, size })
    assert.strictEqual(format.framing.pending(decoded.state), 0)
  })

  it("is comfortable where an Ethernet segment has room for it beside the headers and options of IP and TCP", () => {
    assert.isAtMost(comfortable, 1500 - 20 - 20 - 60)
  })
})
