import { create, toBinary } from "@bufbuild/protobuf"
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { LengthPrefix } from "@peerage/wire"
import { Effect, Schema } from "effect"
import * as Hex from "effect/encoding/Hex"
import * as ChatBytes from "../../src/codec/ChatBytes.ts"
import * as Cs2 from "../../src/codec/generated/cs2_pb.ts"
import { PeerId } from "../../src/codec/PeerId.ts"
import { bytesOf } from "../fixtures/Vectors.ts"

const chat = (from: bigint, to: bigint, text: string): ChatBytes.ChatBytes => ({ _tag: "Chat", from, to, text })

/** What the library writes, which is what an original does. */
const byReflection = ({ from, text, to }: ChatBytes.ChatBytes): Uint8Array => {
  const content = { case: "message", value: { fr: from, to, msg: text } } as const
  return toBinary(Cs2.PeerMessageSchema, create(Cs2.PeerMessageSchema, { type: Cs2.PeerMessage_Type.MESSAGE, content }))
}

/** The library refuses half a character. */
const wellFormed = (text: string): string => new TextDecoder().decode(new TextEncoder().encode(text))

const framesByReflection = (chats: ReadonlyArray<ChatBytes.ChatBytes>): string =>
  chats.map((one) => Hex.encode(LengthPrefix.framing.encode(byReflection(one)))).join("")

const least = -(2n ** 63n)
const most = 2n ** 63n - 1n

describe("frames of text", () => {
  it.each([0, 1, 107, 108, 109, 110, 120, 121, 127, 128, 16_370, 16_383, 16_384, 70_000])(
    "of %i letters are as the library writes them",
    (length) => {
      for (const letter of ["a", "\u00e9", "\u20ac", "\ud83d\ude00"]) {
        const chats = [chat(12n, 11n, letter.repeat(length))]
        assert.strictEqual(Hex.encode(ChatBytes.write(chats)), framesByReflection(chats))
      }
    }
  )

  it.each([0n, 1n, 127n, 128n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 35n, 2n ** 56n, most, -1n, least])(
    "with id %s are as the library writes them, and read again",
    (id) => {
      const chats = [chat(id, 5n, "a"), chat(5n, id, "b"), chat(id, id, "c")]
      assert.strictEqual(Hex.encode(ChatBytes.write(chats)), framesByReflection(chats))
      for (const one of id === 0n ? [] : chats) assert.deepStrictEqual(ChatBytes.read(byReflection(one)), one)
    }
  )

  it.effect.prop(
    "are as the library writes them, whoever says what, behind each other in memory for any number of them",
    { chats: Schema.Array(Schema.Struct({ from: PeerId, to: PeerId, text: Schema.String })) },
    ({ chats }) =>
      Effect.sync(() => {
        const all = chats.map(({ from, text, to }) => chat(from, to, wellFormed(text)))
        assert.strictEqual(Hex.encode(ChatBytes.write(all)), framesByReflection(all))
        for (const one of all) {
          assert.isAtLeast(ChatBytes.most(one.text), ChatBytes.write([one]).length)
          const whole = one.from !== 0n && one.to !== 0n && one.text !== ""
          assert.deepStrictEqual(ChatBytes.read(byReflection(one)), whole ? one : undefined)
        }
      }),
    Property.tries(50)
  )

  it("of as many letters are as the library writes them, from some and then from others", () => {
    const chats = [1n, 1n, 2n, 2n, 2n, 1n].map((from, number) => chat(from, 9n, `text ${number}`))
    assert.strictEqual(Hex.encode(ChatBytes.write(chats)), framesByReflection(chats))
  })

  it("stand among frames of another kind", () => {
    const [one, other] = [chat(1n, 2n, "a"), chat(1n, 2n, "b")]
    assert.strictEqual(
      Hex.encode(ChatBytes.write([one, bytesOf("00000000"), other])),
      framesByReflection([one]) + "00000000" + framesByReflection([other])
    )
  })
})

describe("a body", () => {
  it.each([
    ["nothing", ""],
    ["a type alone", "0801"],
    ["another type", "0803 2202080b"],
    ["the text before the ids", "0801 1207 1a0161 080c 100b"],
    ["an id twice", "0801 1209 080c 080d 100b 1a0161"],
    ["a receiver alone", "0801 1205 100b 1a0161"],
    ["no text", "0801 1204 080c 100b"],
    ["something behind the text", "0801 1209 080c 100b 1a0161 2000"],
    ["something behind the message", "0801 1207 080c 100b 1a0161 3000"],
    ["a tag of more than 32 bits", "888080808010 01 1207 080c 100b 1a0161"],
    [
      "a length of three bytes, the third of which is a tag as well",
      `0801 128080 080c 100b 1af97f ${"61".repeat(16_377)}`
    ]
  ])("is left to the library: %s", (_, body) => {
    assert.isUndefined(ChatBytes.read(bytesOf(body)))
  })

  it("has ids of its own, however much they are like those before", () => {
    const ids = [[1n, 2n], [1n, 2n], [1n, 3n], [257n, 3n], [1n, 3n], [1n, 387n]] as const
    const chats = ids.map(([from, to], number) => chat(from, to, `text ${number}`))
    assert.deepStrictEqual(chats.map((one) => ChatBytes.read(byReflection(one))), chats)
  })

  it("that ends within the ids that it begins with is left to the library", () => {
    const whole = byReflection(chat(2n ** 40n, 2n ** 41n, "a"))
    ChatBytes.read(whole)
    for (let end = 0; end < whole.length; end++) assert.isUndefined(ChatBytes.read(whole.subarray(0, end)))
  })
})
