import { assert, describe, it } from "@effect/vitest"
import { Link } from "@peerage/wire"
import { Effect, Result } from "effect"
import * as Hex from "effect/encoding/Hex"
import { format } from "../../src/codec/Frame.ts"
import * as Message from "../../src/codec/Message.ts"
import * as PeerId from "../../src/codec/PeerId.ts"
import { bytesOf } from "../fixtures/Vectors.ts"

const id = PeerId.make
const headerLength = 4

const chat = (from: bigint, to: bigint, text: string): Message.PeerMessage => ({
  _tag: "Chat",
  from: id(from),
  to: id(to),
  text
})
const join = (peer: bigint, via: bigint, hops = 0): Message.PeerMessage => ({
  _tag: "Join",
  id: id(peer),
  via: id(via),
  hops
})
const leave = (peer: bigint): Message.PeerMessage => ({ _tag: "Leave", id: id(peer) })
const start = (peer: bigint, extension = 0): Message.PeerMessage => ({
  _tag: "HandshakeStart",
  id: id(peer),
  extension
})
const response = (peer: bigint, error = false, extension = 0): Message.PeerMessage => ({
  _tag: "HandshakeResponse",
  id: id(peer),
  error,
  extension
})
const unknown = (type: number): Message.PeerMessage => ({ _tag: "Unknown", type })

const decode = <A>(message: Link.Message<A>, body: Uint8Array) => Effect.fromResult(Link.decode(format, message, body))
const encode = (message: Message.PeerMessage) =>
  Effect.map(Effect.fromResult(Link.encode(format, Message.PeerMessage, message)), Hex.encode)
const hex = (wire: string) => wire.replaceAll(" ", "")

describe("a frame of an original", () => {
  it.effect.each<readonly [what: string, frame: string, message: Message.PeerMessage]>([
    ["HANDSHAKE_START 11", "00000006 0803 2202080b", start(11n)],
    ["HANDSHAKE_START 0", "00000004 0803 2200", start(0n)],
    ["HANDSHAKE_RESPONSE 10", "00000006 0804 2a02080a", response(10n)],
    ["HANDSHAKE_RESPONSE error", "00000006 0804 2a021001", response(0n, true)],
    ["HANDSHAKE_RESPONSE -3", "0000000f 0804 2a0b 08fdffffffffffffffff01", response(-3n)],
    ["JOIN 12 via 10", "0000000a 0802 1a06 1204 080c 100a", join(12n, 10n)],
    ["JOIN 0 via 10", "00000008 0802 1a04 1202 100a", join(0n, 10n)],
    ["JOIN 0 via 0", "00000006 0802 1a02 1200", join(0n, 0n)],
    ["LEAVE 12", "0000000a 0802 1a06 0801 1a02 080c", leave(12n)],
    ["LEAVE 0", "00000008 0802 1a04 0801 1a00", leave(0n)],
    ["MESSAGE", "00000012 0801 120e 080c 100b 1a08 616e64206261636b", chat(12n, 11n, "and back")],
    ["MESSAGE of nothing", "00000004 0801 1200", chat(0n, 0n, "")],
    ["MESSAGE beyond ASCII", "0000000f 0801 120b 0801 1002 1a05 c3a9e29c93", chat(1n, 2n, "é✓")],
    ["MESSAGE with a byte order mark", "0000000e 0801 120a 0801 1002 1a04 efbbbf78", chat(1n, 2n, "\ufeffx")],
    ["the empty frame", "00000000", unknown(0)],
    ["a type yet to come", "00000002 0805", unknown(5)],
    ["a negative type", "0000000b 08ffffffffffffffffff01", unknown(-1)]
  ])("that is %s reads and is written alike", ([, frame, message]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* decode(Message.PeerMessage, bytesOf(frame).subarray(headerLength)), message)
      assert.strictEqual(yield* encode(message), hex(frame))
    }))
})

describe("an id", () => {
  it.effect.each<readonly [varint: string, id: bigint]>([
    ["ffffffffffffff0f", 2n ** 53n - 1n],
    ["8180808080808010", 2n ** 53n + 1n],
    ["81c89eaf96b2af9f04", 305_890_256_885_359_617n],
    ["ffffffffffffffff7f", 2n ** 63n - 1n],
    ["ffffffffffffffffff01", -1n],
    ["80808080808080808001", -(2n ** 63n)]
  ])("of varint %s is whole in every message", ([varint, peer]) =>
    Effect.gen(function*() {
      const length = (bytes: number) => bytes.toString(16).padStart(2, "0")
      const size = varint.length / 2 + 1
      const member = `${length(size)}08${varint}`
      const messages: ReadonlyArray<readonly [body: string, message: Message.PeerMessage]> = [
        [`080322${member}`, start(peer)],
        [`08042a${member}`, response(peer)],
        [`0802 1a${length(size + 4)} 0801 1a${member}`, leave(peer)],
        [`0802 1a${length(2 * size + 2)} 12${length(2 * size)} 08${varint} 10${varint}`, join(peer, peer)],
        [`0801 12${length(2 * size)} 08${varint} 10${varint}`, chat(peer, peer, "")]
      ]
      for (const [body, message] of messages) {
        assert.deepStrictEqual(yield* decode(Message.PeerMessage, bytesOf(body)), message)
        assert.strictEqual((yield* encode(message)).slice(2 * headerLength), hex(body))
      }
    }))
})

describe("what two of ours have between them", () => {
  it.effect.each<readonly [body: string, message: Message.PeerMessage]>([
    ["0803 2205 080b c03e01", start(11n, 1)],
    ["0804 2a05 080a c03e01", response(10n, false, 1)],
    ["0802 1a09 1207 080c 100a c03e03", join(12n, 10n, 3)],
    ["0802 1a0d 120b 080c 100a c03effffffff0f", join(12n, 10n, 2 ** 32 - 1)]
  ])("is a field numbered 1000: %s", ([body, message]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* decode(Message.PeerMessage, bytesOf(body)), message)
      assert.strictEqual((yield* encode(message)).slice(2 * headerLength), hex(body))
    }))
})

describe("the type of a frame", () => {
  it.effect.each<readonly [what: string, body: string, message: Message.PeerMessage]>([
    ["MESSAGE without a member", "0801", chat(0n, 0n, "")],
    ["MESSAGE beside a start", "0801 2202080b", chat(0n, 0n, "")],
    ["ANNOUNCEMENT without a member", "0802", join(0n, 0n)],
    ["ANNOUNCEMENT beside a message", "0802 1204080c100b", join(0n, 0n)],
    ["HANDSHAKE_START without a member", "0803", start(0n)],
    ["HANDSHAKE_START beside a response", "0803 2a02080b", start(0n)],
    ["HANDSHAKE_RESPONSE without a member", "0804", response(0n)],
    ["HANDSHAKE_RESPONSE beside a start", "0804 2202080b", response(0n)],
    ["LEAVE without a member", "0802 1a020801", leave(0n)],
    ["LEAVE beside a join", "0802 1a08 0801 1204080c100a", leave(0n)],
    ["JOIN beside a leave", "0802 1a04 1a02080c", join(0n, 0n)],
    ["none beside a start", "2202080b", unknown(0)],
    ["unknown beside a message", "0809 1204080c100b", unknown(9)],
    ["an unknown announcement", "0802 1a08 0802 1204080c100a", unknown(2)]
  ])("says alone what it is: %s", ([, body, message]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* decode(Message.PeerMessage, bytesOf(body)), message)
    }))
})

describe("protobuf's liberties", () => {
  it.effect.each<readonly [what: string, body: string, message: Message.PeerMessage]>([
    ["fields in another order", "2202080b 0803", start(11n)],
    ["the last of several values", "0801 0803 2204 080a 080b", start(11n)],
    ["a member in parts", "0801 1202 080c 1205 100b 1a0178", chat(12n, 11n, "x")],
    ["the last of several members", "0803 2a02080a 2202080b", start(11n)],
    ["zero values that are written", "0803 2205 0800 c03e00", start(0n)],
    ["varints that are longer than they need be", "088300 2203 088b00", start(11n)],
    ["a field that nobody knows", "0803 2202080b 320568656c6c6f", start(11n)],
    ["a fixed-size field that nobody knows", "0803 2202080b 3501020304 310102030405060708", start(11n)],
    ["a group that nobody knows", "0803 2202080b 33 0801 34", start(11n)]
  ])("are read: %s", ([, body, message]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* decode(Message.PeerMessage, bytesOf(body)), message)
    }))
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

  it.each([
    start(11n),
    response(10n),
    chat(12n, 11n, "secret"),
    join(12n, 10n),
    leave(12n),
    unknown(9)
  ])("takes $_tag for that alone", (message) => {
    const frame = Result.getOrThrow(Link.encode(format, Message.PeerMessage, message)).subarray(headerLength)
    const read = kinds.map((kind) => Link.decode(format, kind, frame))
    assert.deepStrictEqual(read.filter(Result.isSuccess).map(({ success }) => success), [message])
    for (const { failure } of read.filter(Result.isFailure)) {
      assert.strictEqual(failure._tag, "UnexpectedMessage")
      assert.notInclude(JSON.stringify(failure), "secret")
    }
  })
})
