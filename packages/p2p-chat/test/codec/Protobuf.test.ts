import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Result, Schema } from "effect"
import * as Hex from "effect/encoding/Hex"
import * as Protobuf from "../../src/codec/Protobuf.ts"
import { bytesOf, scenarios } from "../fixtures/Vectors.ts"

const bodies = scenarios.flatMap(({ connections }) => connections).flatMap(({ frames }) => frames)
  .filter(({ decoded, frame_hex }) => decoded !== null && /^[0-9a-f]+$/.test(frame_hex))
  .map(({ frame_hex }) => bytesOf(frame_hex).subarray(4))

const reasonOf = (result: Result.Result<unknown, { readonly _tag: string; readonly reason: string }>) =>
  Result.isFailure(result) ? `${result.failure._tag}: ${result.failure.reason}` : "no failure"

const unreadable = "MalformedMessage: not a PeerMessage in protobuf"
const unwritable = "MalformedMessage: the value cannot be written in protobuf"

describe("a frame that is no message", () => {
  it.each([
    ["a tag without its field", "08"],
    ["a varint that does not end", "0803 2202 08ff"],
    ["a type that does not end", "0880"],
    ["a type of more than ten bytes", "08 80808080808080808080 01"],
    ["a tag of more than 32 bits", "888080808010 01"],
    ["field number 0", "00"],
    ["wire type 6", "0e00"],
    ["wire type 7", "0f"],
    ["a fixed-size field cut short", "0803 2202080b 31 01020304"],
    ["a length beyond the end", "0803 2203 080b"],
    ["a length of 4 GiB", "0803 22ffffffff0f 080b"],
    ["text beyond its message", "0801 1204 1a08 6869"],
    ["a member that reaches beyond its own", "0802 1a02 1204 080c100a"],
    ["a member that reaches into what follows", "0801 1203 1a05 6869 0801 12 00"],
    // What follows each wrong wire type reads as fields too, to whom the number of a field is enough.
    ["a type as text", "0a02 0803"],
    ["a type of fixed size", "0d 03 088300"],
    ["a member as a number", "0801 1004 080c100b"],
    ["a member as a group", "0801 13 08 100b 1a0468696a6b"],
    ["an id as text", "0803 2204 0a02 0801"],
    ["an id of fixed size", "0803 2209 09 0b 0801 0801 088001"],
    ["text as a number", "0801 1204 1802 6869"],
    ["our own field as text", "0803 2205 c23e02 0801"],
    ["a group that does not end", "0803 33 0801"],
    ["a group that ends as another", "0803 33 3c"],
    ["an end of no group", "0803 34"],
    ["groups in groups, without end", `0803 ${"33".repeat(50_000)}`],
    ["groups in groups", `0803 ${"33".repeat(5000)}${"34".repeat(5000)}`],
    ["text that is not UTF-8", "0801 1206 1a04 c328c328"],
    ["text of a whole message that is not UTF-8", "0801 1208 0801 1002 1a02 c328"],
    ["text with half a character", "0801 1205 1a03 eda080"],
    ["text that is cut in a character", "0801 1203 1a01 c3"],
    ["JSON", Hex.encode("{\"type\": 1}")],
    ["a greeting", Hex.encode("HELO example")]
  ])("is malformed: %s", (_, body) => {
    assert.strictEqual(reasonOf(Protobuf.parse(bytesOf(body))), unreadable)
  })

  it("is malformed, or the beginning of fields, where a recorded one is cut short", () => {
    let malformed = 0
    for (const body of bodies) {
      for (let length = 0; length < body.length; length++) {
        const parsed = Protobuf.parse(body.subarray(0, length))
        // Only between its fields: behind none of them, or behind the type.
        const between = length === 0 || length === 2
        assert.strictEqual(Result.isSuccess(parsed), between)
        if (!between) malformed++
      }
    }
    assert.isAbove(malformed, 1000)
  })

  it.effect.prop(
    "fails and never throws, whatever it is made of, and whatever becomes of a recorded one",
    {
      bytes: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))),
      which: Schema.Natural,
      changes: Schema.Array(Schema.Tuple([Schema.Natural, Schema.Int])).check(Schema.isMaxLength(4))
    },
    ({ bytes, changes, which }) =>
      Effect.sync(() => {
        const recorded = Uint8Array.from(bodies[which % bodies.length] ?? [])
        for (const [at, to] of changes) recorded[at % recorded.length] = to
        for (const body of [Uint8Array.from(bytes), recorded]) {
          const parsed = Protobuf.parse(body)
          if (Result.isFailure(parsed)) assert.strictEqual(reasonOf(parsed), unreadable)
          else assert.isString(parsed.success._tag)
        }
      }),
    Property.tries(50)
  )
})

describe("a value that is no message", () => {
  const beyond = 2n ** 63n

  const chat = { _tag: "Chat", from: 1n, to: 2n, text: "" }
  const join = { _tag: "Join", id: 1n, via: 2n, hops: 0 }
  const start = { _tag: "HandshakeStart", id: 1n, extension: 0 }

  it.each<readonly [what: string, value: unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a string", "Chat"],
    ["an object without a tag", { id: 1n }],
    ["another tag", { ...chat, _tag: "Message" }],
    ["a message without its members", { _tag: "Chat" }],
    ["an id that is a number", { _tag: "Leave", id: 12 }],
    ["an id that is a string", { _tag: "Leave", id: "12" }],
    ["an id beyond int64", { _tag: "Leave", id: beyond }],
    ["a start beyond int64", { ...start, id: beyond }],
    ["a response beyond int64", { _tag: "HandshakeResponse", id: -beyond - 1n, error: false, extension: 0 }],
    ["a join beyond int64", { ...join, id: beyond }],
    ["a via beyond int64", { ...join, via: beyond }],
    ["a sender beyond int64", { ...chat, from: beyond }],
    ["a receiver beyond int64", { ...chat, to: beyond }],
    ["negative hops", { ...join, hops: -1 }],
    ["hops beyond uint32", { ...join, hops: 2 ** 32 }],
    ["half an extension", { ...start, extension: 0.5 }],
    ["text that is a number", { ...chat, text: 3 }],
    ["an unknown type beyond int32", { _tag: "Unknown", type: 2 ** 31 }],
    ...[1, 2, 3, 4].map((type) =>
      [`an unknown type that the protocol has, ${type}`, { _tag: "Unknown", type }] as const
    )
  ])("is not written: %s", (_, value) => {
    assert.strictEqual(reasonOf(Protobuf.print(value)), unwritable)
  })

  it("is not half a character, which goes out as the one that stands for what is none", () => {
    const printed = Protobuf.print({ ...chat, from: 0n, to: 0n, text: "a\ud800b" })
    assert.deepStrictEqual(Result.map(printed, Hex.encode), Result.succeed("080112071a0561efbfbd62"))
  })
})
