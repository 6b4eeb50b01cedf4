import { assert, describe, it } from "@effect/vitest"
import { Framing, PythonJson } from "@peerage/wire"
import { Effect, Redacted, Schema } from "effect"
import { framing } from "../../src/codec/Frame.ts"
import { oldVectors, segmentsOf, vectors } from "../fixtures/Vectors.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (frame: Uint8Array) => new TextDecoder().decode(frame)
const limit = 65_536

/** Cuts bytes before each of `cuts`, which may repeat and be beyond the end. */
const cut = (whole: Uint8Array, cuts: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const borders = [0, ...cuts.map((at) => Math.min(at, whole.length)).sort((a, b) => a - b), whole.length]
  return borders.slice(1).map((to, index) => whole.subarray(borders[index], to))
}

const oneByOne = (whole: Uint8Array) => cut(whole, Array.from(whole, (_, index) => index))
const decode = (segments: Iterable<Uint8Array>, atMost = limit) => Framing.decodeAll(framing, segments, atMost)
const framesOf = (segments: Iterable<Uint8Array>) => decode(segments).frames.map(text)

const streams: ReadonlyArray<readonly [wire: string, frames: ReadonlyArray<string>]> = [
  ["", []],
  [" \t\r\n", []],
  ["{}", ["{}"]],
  ["{\"banned\": false}", ["{\"banned\": false}"]],
  ["{\"<3\": true}{\"<3\": true}", ["{\"<3\": true}", "{\"<3\": true}"]],
  [" \n{\"a\": 1} \t {\"b\": [2]}\r\n", ["{\"a\": 1}", "{\"b\": [2]}"]],
  ["{\"a\": {\"b\": [{\"c\": {}}]}}", ["{\"a\": {\"b\": [{\"c\": {}}]}}"]],
  ["{\"}{\": \"]}\"}{}", ["{\"}{\": \"]}\"}", "{}"]],
  ["{\"quote\": \"\\\"}\"}", ["{\"quote\": \"\\\"}\"}"]],
  ["{\"backslash\": \"\\\\\"}{}", ["{\"backslash\": \"\\\\\"}", "{}"]],
  ["{\"raw\": \"é✓😀\"}", ["{\"raw\": \"é✓😀\"}"]],
  ["{\"newline in a string\": \"\n\"}", ["{\"newline in a string\": \"\n\"}"]]
]

describe("framing", () => {
  it.each(streams)("finds the objects in %j, cut anywhere", (stream, frames) => {
    const wire = bytes(stream)
    assert.deepStrictEqual(framesOf([wire]), frames)
    assert.deepStrictEqual(framesOf(oneByOne(wire)), frames)
    for (let at = 0; at <= wire.length; at++) assert.deepStrictEqual(framesOf(cut(wire, [at])), frames)
  })

  it("finds each recorded message, alone and cut at every byte, and each two of them in one segment", () => {
    const segments = segmentsOf(vectors)
    for (const [index, segment] of segments.entries()) {
      assert.deepStrictEqual(framesOf([segment]), [text(segment)])
      for (let at = 0; at <= segment.length; at++) {
        assert.deepInclude(decode(cut(segment, [at])), { frames: [segment], error: undefined })
      }
      const next = segments[index + 1] ?? segment
      assert.deepStrictEqual(decode([Uint8Array.from([...segment, ...next])]).frames, [segment, next])
    }
  })

  it.effect.prop(
    "gives the same frames however the bytes are cut",
    {
      objects: Schema.Array(Schema.Record(Schema.String, Schema.Json)).check(Schema.isMaxLength(5)),
      spaces: Schema.Array(Schema.Literals(["", " ", "\n", "\r\n\t"])),
      cuts: Schema.Array(Schema.Natural.check(Schema.isLessThanOrEqualTo(300)))
    },
    ({ cuts, objects, spaces }) =>
      Effect.gen(function*() {
        const frames: Array<string> = []
        for (const object of objects) frames.push(text(yield* Effect.fromResult(PythonJson.print(object))))
        const wire = bytes(frames.map((frame, index) => `${spaces[index] ?? ""}${frame}`).join(""))
        assert.deepStrictEqual(framesOf(cut(wire, cuts)), frames)
      })
  )

  it.effect.prop(
    "is not misled by braces, quotes and backslashes in strings",
    { parts: Schema.Array(Schema.Literals(["{", "}", "[", "]", "\"", "\\", "x"])), cuts: Schema.Array(Schema.Natural) },
    ({ cuts, parts }) =>
      Effect.sync(() => {
        const frame = JSON.stringify({ [parts.join("")]: parts.join("") })
        assert.deepStrictEqual(framesOf(cut(bytes(`${frame}${frame}`), cuts)), [frame, frame])
      })
  )

  it("counts an unfinished object as pending, and white space not", () => {
    assert.strictEqual(framing.pending(decode([bytes("{} \n {\"a\": "), bytes("[")]).state), 7)
    assert.strictEqual(framing.pending(decode([bytes("{} \n ")]).state), 0)
  })
})

describe("framing of what is no message", () => {
  it.each(["notbanned", "[1]", "\"text\"", "42", "}", "\ufeff{}", "\u0000"])("stops at %j", (stream) => {
    const { error, frames } = decode([bytes(`{"<3": true} ${stream}`)])
    assert.deepStrictEqual(frames.map(text), ["{\"<3\": true}"])
    if (error?._tag !== "MalformedFrame") return assert.fail(error?._tag)
    assert.strictEqual(error.reason, "NotAnObject")
    assert.strictEqual(Redacted.value(error.text), stream)
  })

  it("shows the greeting of release 0.0.3 to whom asks for it, and nobody else", () => {
    const [greeting = bytes("")] = segmentsOf(oldVectors)
    const { error } = decode([greeting])
    if (error?._tag !== "MalformedFrame") return assert.fail(error?._tag)
    assert.strictEqual(Redacted.value(error.text), "notbanned")
    assert.notInclude(JSON.stringify(error), "notbanned")
  })

  it("ends a frame where its brackets are closed crosswise, for the parser to refuse", () => {
    assert.deepStrictEqual(framesOf([bytes("{\"a\": 1]{}")]), ["{\"a\": 1]", "{}"])
  })

  it("refuses more than 256 levels", () => {
    const nested = (levels: number) => bytes(`{"a": ${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`)
    assert.strictEqual(decode([nested(256)]).frames.length, 1)
    for (const segments of [[nested(257)], oneByOne(nested(257))]) {
      const { error } = decode(segments)
      if (error?._tag !== "MalformedFrame") return assert.fail(error?._tag)
      assert.strictEqual(error.reason, "TooDeep")
      assert.strictEqual(error.offset, 261)
    }
  })

  it("accepts a frame of exactly the limit", () => {
    const wire = bytes("{\"a\": 12}{\"b\": 12}")
    assert.strictEqual(decode([wire], 9).frames.length, 2)
    assert.strictEqual(decode(oneByOne(wire), 9).frames.length, 2)
  })

  it.each([
    ["an endless string", `{"a": "${"x".repeat(100)}`],
    ["a frame that is too long by one byte", `{"a": ${"1".repeat(14)}}`]
  ])("refuses %s as soon as it passes the limit", (_, stream) => {
    for (const segments of [[bytes(stream)], oneByOne(bytes(stream))]) {
      const { error, state } = decode(segments, 20)
      assert.deepInclude(error, { _tag: "FrameTooLarge", limit: 20, size: 21 })
      assert.isAtMost(framing.pending(state), 20)
    }
  })

  it("copies a frame of 64 KiB that comes byte by byte a few times only, and looks at each byte once", () => {
    const wire = bytes(`{"a": "${"x".repeat(65_527)}"}`)
    let looks = 0
    const counted = (byte: Uint8Array) =>
      new Proxy(byte, {
        get: (target, key) => {
          if (key === "0") looks++
          const member: unknown = Reflect.get(target, key, target)
          return typeof member === "function" ? member.bind(target) : member
        }
      })
    const rooms = new Set<unknown>()
    let state = framing.initial
    for (const byte of oneByOne(wire)) {
      const decoded = framing.decode(state, byte.length === 0 ? byte : counted(byte), limit)
      state = decoded.state
      rooms.add(state.partial.room)
    }
    assert.isAtMost(rooms.size, 13)
    assert.isAtLeast(looks, wire.length)
    assert.isAtMost(looks, wire.length + 2)
  })
})
