/**
 * The bytes of a `PeerMessage` exactly as Python's protobuf writes them, from and to the encoded side of the schemas in
 * `Message` (docs/wire/p2p-chat.md, section 2). Neither direction ever throws.
 *
 *     08 01 | 12 0e | 08 0c | 10 0b | 1a 08 "and back"        MESSAGE { fr: 12, to: 11, msg }
 *     08 02 | 1a 06 | 12 04 | 08 0c 10 0a                     ANNOUNCEMENT { JOIN { id: 12, via_id: 10 } }
 *
 * The `type` alone says what a message is, as with the originals: a member that the type does not name is ignored, and a
 * missing member reads as its zero values.
 */
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf"
import { LinkError } from "@peerage/wire"
import { Result, Schema } from "effect"
import * as ChatBytes from "./ChatBytes.ts"
import * as Cs2 from "./generated/cs2_pb.ts"
import { PeerMessage } from "./Message.ts"
import { isPeerMessage } from "./Shape.ts"

/** A message as protobuf has it: what its Schema decodes. */
export type Encoded = typeof PeerMessage.Encoded

const { ANNOUNCEMENT, HANDSHAKE_RESPONSE, HANDSHAKE_START, MESSAGE } = Cs2.PeerMessage_Type
const { JOIN, LEAVE } = Cs2.PropagationMessage_Type

const malformed = (reason: string) => new LinkError.MalformedMessage({ reason })

const unwritable = () => malformed("the value cannot be written in protobuf")

/**
 * Reads a frame. Fails on bytes that are not protobuf, on text that is not UTF-8, and on a field of another type than the
 * protocol's. An unknown type, of a message or of an announcement, reads as `Unknown`.
 */
export const parse = (frame: Uint8Array): Result.Result<Encoded, LinkError.MalformedMessage> => {
  const message = Result.try(() => ChatBytes.read(frame) ?? readAny(frame))
  return Result.isSuccess(message) && message.success !== undefined
    ? Result.succeed(message.success)
    : Result.fail(malformed("not a PeerMessage in protobuf"))
}

const readAny = (frame: Uint8Array): Encoded | undefined =>
  isPeerMessage(frame) ? read(fromBinary(Cs2.PeerMessageSchema, frame)) : undefined

// A member that is missing, or is not the one that the type names, has its zero values.
const read = ({ content, type }: Cs2.PeerMessage): Encoded => {
  switch (type) {
    case MESSAGE: {
      const { fr, msg, to } = content.case === "message" ? content.value : create(Cs2.MessageSchema)
      return { _tag: "Chat", from: fr, to, text: msg }
    }
    case ANNOUNCEMENT:
      return readAnnouncement(content.case === "announcement" ? content.value : create(Cs2.PropagationMessageSchema))
    case HANDSHAKE_START: {
      const { extension, id } = content.case === "handshakeStart" ? content.value : create(Cs2.HandshakeStartSchema)
      return { _tag: "HandshakeStart", id, extension }
    }
    case HANDSHAKE_RESPONSE: {
      const answer = content.case === "handshakeResponse" ? content.value : create(Cs2.HandshakeResponseSchema)
      return { _tag: "HandshakeResponse", id: answer.id, error: answer.error, extension: answer.extension }
    }
    default:
      return { _tag: "Unknown", type }
  }
}

const readAnnouncement = ({ content, type }: Cs2.PropagationMessage): Encoded => {
  switch (type) {
    case JOIN: {
      const { hops, id, viaId } = content.case === "join" ? content.value : create(Cs2.JoinSchema)
      return { _tag: "Join", id, via: viaId, hops }
    }
    case LEAVE:
      return { _tag: "Leave", id: content.case === "leave" ? content.value.id : 0n }
    default:
      return { _tag: "Unknown", type: ANNOUNCEMENT }
  }
}

const isEncoded = Schema.is(Schema.toEncoded(PeerMessage))

/** A known type would make it another message. */
const isWritable = (value: Encoded): boolean => value._tag !== "Unknown" || !knownTypes.has(value.type)
const knownTypes: ReadonlySet<number> = new Set([MESSAGE, ANNOUNCEMENT, HANDSHAKE_START, HANDSHAKE_RESPONSE])

/**
 * Writes a message. Half a character in its text goes out as U+FFFD. Fails on a value that is no message, on numbers that
 * do not fit their fields, and on an `Unknown` of a known type, which would be another message.
 */
export const print = (value: unknown): Result.Result<Uint8Array, LinkError.MalformedMessage> =>
  isEncoded(value) && isWritable(value)
    ? Result.try({
      try: () => toBinary(Cs2.PeerMessageSchema, create(Cs2.PeerMessageSchema, write(value))),
      catch: unwritable
    })
    : Result.fail(unwritable())

const write = (value: Encoded): MessageInitShape<typeof Cs2.PeerMessageSchema> => {
  switch (value._tag) {
    case "Chat":
      return { type: MESSAGE, content: { case: "message", value: { fr: value.from, to: value.to, msg: value.text } } }
    case "Join":
      return announcement({ type: JOIN, content: { case: "join", value: { ...value, viaId: value.via } } })
    case "Leave":
      return announcement({ type: LEAVE, content: { case: "leave", value } })
    case "HandshakeStart":
      return { type: HANDSHAKE_START, content: { case: "handshakeStart", value } }
    case "HandshakeResponse":
      return { type: HANDSHAKE_RESPONSE, content: { case: "handshakeResponse", value } }
    case "Unknown":
      return { type: value.type }
  }
}

const announcement = (
  value: MessageInitShape<typeof Cs2.PropagationMessageSchema>
): MessageInitShape<typeof Cs2.PeerMessageSchema> => ({ type: ANNOUNCEMENT, content: { case: "announcement", value } })
