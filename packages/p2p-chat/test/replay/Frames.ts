/** Frames in words, and what ours say beyond the protocol: so that a difference can be read. */
import { Link } from "@peerage/wire"
import { Option, Result } from "effect"
import * as Hex from "effect/encoding/Hex"
import { format } from "../../src/codec/Frame.ts"
import { type Chat, PeerMessage } from "../../src/codec/Message.ts"

const headerBytes = 4

/** Whether bytes are one whole frame and nothing else. */
export const isFrame = (bytes: Uint8Array): boolean =>
  bytes.length >= headerBytes &&
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) + headerBytes === bytes.length

/** The message in a frame; none where it is no protobuf. */
const messageIn = (frame: Uint8Array): Option.Option<PeerMessage> =>
  Result.getSuccess(Link.decode(format, PeerMessage, frame.subarray(headerBytes)))

/** The text in a frame, and from whom to whom; none where it is something else. */
export const chatIn = (frame: Uint8Array): Option.Option<Chat> =>
  Option.filter(messageIn(frame), (message): message is Chat => message._tag === "Chat")

/** What only ours say, where it is said. */
const beyond = (name: string, value: number): string => value === 0 ? "" : `, ${name} ${value}`

/** A message in words. */
export const describeMessage = (message: PeerMessage): string => {
  switch (message._tag) {
    case "Chat":
      return `MESSAGE from ${message.from} to ${message.to}: ${message.text}`
    case "Join":
      return `JOIN ${message.id} via ${message.via}${beyond("hops", message.hops)}`
    case "Leave":
      return `LEAVE ${message.id}`
    case "HandshakeStart":
      return `START ${message.id}${beyond("extension", message.extension)}`
    case "HandshakeResponse":
      return `RESPONSE ${message.error ? "error" : message.id}${beyond("extension", message.extension)}`
    case "Unknown":
      return `TYPE ${message.type}`
  }
}

/** What a segment says, in words: a frame's message, with its bytes where they are not the plain ones, or bytes alone. */
export const describe = (bytes: Uint8Array): string => {
  const hex = Hex.encode(bytes)
  if (!isFrame(bytes)) return `PART ${hex}`
  const message = Option.getOrUndefined(messageIn(bytes))
  if (message === undefined) return `MALFORMED ${hex}`
  const plain = Option.map(Result.getSuccess(Link.encode(format, PeerMessage, message)), Hex.encode)
  const words = describeMessage(message)
  return Option.contains(plain, hex) ? words : `${words} as ${hex}`
}

/** Where a frame has the length of its only member. */
const memberLength = 7
const startType = [0x08, 0x03, 0x22]
/** Field 1000, a varint, and the version. */
const extension = [0xc0, 0x3e, 0x01]

/** Whether a frame asks to join. */
export const isStart = (frame: Uint8Array): boolean =>
  startType.every((byte, index) => frame[headerBytes + index] === byte)

/** A START of an original as one of ours sends it: with one field more. Other bytes stay what they are. */
export const extended = (bytes: Uint8Array): Uint8Array => {
  if (!isStart(bytes)) return bytes
  const longer = Uint8Array.of(...bytes, ...extension)
  const grow = (at: number) => longer.fill((longer[at] ?? 0) + extension.length, at, at + 1)
  grow(headerBytes - 1)
  grow(memberLength)
  return longer
}
