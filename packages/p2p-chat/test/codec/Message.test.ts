import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Link } from "@peerage/wire"
import { Effect, Option, Result, Schema } from "effect"
import * as Hex from "effect/encoding/Hex"
import { format } from "../../src/codec/Frame.ts"
import * as Message from "../../src/codec/Message.ts"
import { PeerId } from "../../src/codec/PeerId.ts"
import { bytesOf } from "../fixtures/Vectors.ts"
import { chat, join, leave, response, start } from "../peer/Raw.ts"

type Row = readonly [what: string, frame: string, message: Message.PeerMessage]

const headerLength = 4
const unknown = (type: number): Message.PeerMessage => ({ _tag: "Unknown", type })
const encode = (message: Message.PeerMessage) =>
  Result.map(Link.encode(format, Message.PeerMessage, message), Hex.encode)

const assertReads = (body: Uint8Array, message: Message.PeerMessage) =>
  assert.deepStrictEqual(Link.decode(format, Message.PeerMessage, body), Result.succeed(message))

/** Says that a frame reads as a message, which is written as that frame. */
const assertAlike = (frame: string, message: Message.PeerMessage) => {
  assertReads(bytesOf(frame).subarray(headerLength), message)
  assert.deepStrictEqual(encode(message), Result.succeed(frame.replaceAll(" ", "")))
}

describe("a frame of an original", () => {
  it.each<Row>([
    ["HANDSHAKE_START 11", "00000006 0803 2202080b", start(11)],
    ["HANDSHAKE_START 0", "00000004 0803 2200", start(0)],
    ["HANDSHAKE_RESPONSE 10", "00000006 0804 2a02080a", response(10)],
    ["HANDSHAKE_RESPONSE error", "00000006 0804 2a021001", response(0, { error: true })],
    ["HANDSHAKE_RESPONSE -3", "0000000f 0804 2a0b 08fdffffffffffffffff01", response(-3)],
    ["JOIN 12 via 10", "0000000a 0802 1a06 1204 080c 100a", join(12, 10)],
    ["JOIN 0 via 10", "00000008 0802 1a04 1202 100a", join(0, 10)],
    ["JOIN 0 via 0", "00000006 0802 1a02 1200", join(0, 0)],
    ["LEAVE 12", "0000000a 0802 1a06 0801 1a02 080c", leave(12)],
    ["LEAVE 0", "00000008 0802 1a04 0801 1a00", leave(0)],
    ["MESSAGE", "00000012 0801 120e 080c 100b 1a08 616e64206261636b", chat(12, 11, "and back")],
    ["MESSAGE of nothing", "00000004 0801 1200", chat(0, 0, "")],
    ["MESSAGE beyond ASCII", "0000000f 0801 120b 0801 1002 1a05 c3a9e29c93", chat(1, 2, "é✓")],
    ["MESSAGE with a byte order mark", "0000000e 0801 120a 0801 1002 1a04 efbbbf78", chat(1, 2, "\ufeffx")],
    ["the empty frame", "00000000", unknown(0)],
    ["a type yet to come", "00000002 0805", unknown(5)],
    ["a negative type", "0000000b 08ffffffffffffffffff01", unknown(-1)]
  ])("that is %s reads and is written alike", (_, frame, message) => assertAlike(frame, message))
})

describe("what two of ours have between them", () => {
  it.each<Row>([
    ["START", "00000009 0803 2205 080b c03e01", start(11, 1)],
    ["RESPONSE", "00000009 0804 2a05 080a c03e01", response(10, { extension: 1 })],
    ["JOIN", "0000000d 0802 1a09 1207 080c 100a c03e03", join(12, 10, 3)],
    ["JOIN from afar", "00000011 0802 1a0d 120b 080c 100a c03effffffff0f", join(12, 10, 2 ** 32 - 1)]
  ])("is a field numbered 1000 of %s", (_, frame, message) => assertAlike(frame, message))
})

describe("an id", () => {
  it.each<readonly [varint: string, id: bigint]>([
    ["ffffffffffffff0f", 2n ** 53n - 1n],
    ["8180808080808010", 2n ** 53n + 1n],
    ["81c89eaf96b2af9f04", 305_890_256_885_359_617n],
    ["ffffffffffffffff7f", 2n ** 63n - 1n],
    ["ffffffffffffffffff01", -1n],
    ["80808080808080808001", -(2n ** 63n)]
  ])("of varint %s is whole in every message", (varint, peer) => {
    const member = (tag: string, body: string): string => `${tag}${Hex.encode(Uint8Array.of(body.length / 2))}${body}`
    const rows: ReadonlyArray<readonly [body: string, message: Message.PeerMessage]> = [
      [`0803${member("22", `08${varint}`)}`, start(peer)],
      [`0804${member("2a", `08${varint}`)}`, response(peer)],
      [`0802${member("1a", `0801${member("1a", `08${varint}`)}`)}`, leave(peer)],
      [`0802${member("1a", member("12", `08${varint}10${varint}`))}`, join(peer, peer)],
      [`0801${member("12", `08${varint}10${varint}`)}`, chat(peer, peer, "")]
    ]
    for (const [body, message] of rows) assertAlike(member("000000", body), message)
  })
})

describe("a body that nobody writes", () => {
  // Its type alone says what it is; and from the fields in another order on, what protobuf allows.
  it.each<Row>([
    ["MESSAGE without a member", "0801", chat(0, 0, "")],
    ["MESSAGE beside a start", "0801 2202080b", chat(0, 0, "")],
    ["ANNOUNCEMENT without a member", "0802", join(0, 0)],
    ["ANNOUNCEMENT beside a message", "0802 1204080c100b", join(0, 0)],
    ["HANDSHAKE_START without a member", "0803", start(0)],
    ["HANDSHAKE_START beside a response", "0803 2a02080b", start(0)],
    ["HANDSHAKE_RESPONSE without a member", "0804", response(0)],
    ["HANDSHAKE_RESPONSE beside a start", "0804 2202080b", response(0)],
    ["LEAVE without a member", "0802 1a020801", leave(0)],
    ["LEAVE beside a join", "0802 1a08 0801 1204080c100a", leave(0)],
    ["JOIN beside a leave", "0802 1a04 1a02080c", join(0, 0)],
    ["none beside a start", "2202080b", unknown(0)],
    ["unknown beside a message", "0809 1204080c100b", unknown(9)],
    ["an unknown announcement", "0802 1a08 0802 1204080c100a", unknown(2)],
    ["fields in another order", "2202080b 0803", start(11)],
    ["the last of several values", "0801 0803 2204 080a 080b", start(11)],
    ["a member in parts", "0801 1202 080c 1205 100b 1a0178", chat(12, 11, "x")],
    ["the last of several members", "0803 2a02080a 2202080b", start(11)],
    ["zero values that are written", "0803 2205 0800 c03e00", start(0)],
    ["varints that are longer than they need be", "088300 2203 088b00", start(11)],
    ["a field that nobody knows", "0803 2202080b 320568656c6c6f", start(11)],
    ["a fixed-size field that nobody knows", "0803 2202080b 3501020304 310102030405060708", start(11)],
    ["a group that nobody knows", "0803 2202080b 33 0801 34", start(11)]
  ])("is read: %s", (_, body, message) => assertReads(bytesOf(body), message))
})

describe("a step of a dialogue", () => {
  const kinds: ReadonlyArray<Link.Message<Message.PeerMessage>> = [
    Message.HandshakeStart,
    Message.HandshakeResponse,
    Message.Chat,
    Message.Join,
    Message.Leave,
    Message.Unknown
  ]

  const messages = [start(11), response(10), chat(12, 11, "secret"), join(12, 10), leave(12), unknown(9)]

  it.each(messages)("takes $_tag for that alone", (message) => {
    const frame = Result.getOrThrow(Link.encode(format, Message.PeerMessage, message)).subarray(headerLength)
    const read = kinds.map((kind) => Link.decode(format, kind, frame))
    assert.deepStrictEqual(read.filter(Result.isSuccess).map(({ success }) => success), [message])
    for (const { failure } of read.filter(Result.isFailure)) {
      assert.strictEqual(failure._tag, "UnexpectedMessage")
      assert.notInclude(JSON.stringify(failure), "secret")
    }
  })
})

describe("a received message", () => {
  const byPlainCode = Schema.decodeUnknownOption(Message.Received)
  const bySchema = Schema.decodeUnknownOption(Message.PeerMessage)
  const Field = Schema.optionalKey(Schema.Union([PeerId, Schema.BigInt, Schema.String, Schema.Int, Schema.Null]))

  it.effect.prop(
    "is what its schema says, whatever comes",
    [Schema.Union([
      Message.PeerMessage,
      Schema.Struct({ _tag: Schema.Literals(["Chat", "Chatter"]), from: Field, to: Field, text: Field })
    ])],
    ([value]) => Effect.sync(() => assert.deepStrictEqual(byPlainCode(value), bySchema(value))),
    Property.tries(200)
  )

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["text", "Chat"],
    ["a list", ["Chat"]],
    ["a message without a tag", { from: 1n, to: 2n, text: "a" }],
    ["an id that is a number", { _tag: "Chat", from: 1, to: 2n, text: "a" }],
    ["an id beyond 64 bits", { _tag: "Chat", from: 2n ** 63n, to: 2n, text: "a" }],
    ["an id below 64 bits", { _tag: "Chat", from: 1n, to: -(2n ** 63n) - 1n, text: "a" }],
    ["text that is none", { _tag: "Chat", from: 1n, to: 2n, text: 3 }],
    ["another message's fields", { _tag: "Join", from: 1n, to: 2n, text: "a" }]
  ])("is not %s", (_, value) => {
    assert.isTrue(Option.isNone(bySchema(value)))
    assert.isTrue(Option.isNone(byPlainCode(value)))
  })

  it.each([-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n])("has any id of 64 bits, as %s", (id) => {
    const value = { _tag: "Chat", from: id, to: id, text: "" }
    assert.isTrue(Option.isSome(bySchema(value)))
    assert.deepStrictEqual(byPlainCode(value), bySchema(value))
  })
})
