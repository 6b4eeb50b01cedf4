/**
 * The messages of p2p-chat, one schema each (docs/wire/p2p-chat.md, section 2). `Protobuf` reads their encoded side from a
 * frame and writes it into one. The `type` of a frame alone says which message it holds, as with the originals.
 *
 *     HandshakeStart      joiner -> server
 *     HandshakeResponse   server -> joiner
 *     Chat, Join, Leave   both ways, once the handshake has succeeded
 */
import { Predicate, Schema } from "effect"
import { is, PeerId } from "./PeerId.ts"

/**
 * The version of our extension of the protocol; 0 for an original. An original ignores fields that it does not know,
 * this one too.
 */
const Extension = Schema.Int

/** A joiner's first message: the id that it asks for. */
export const HandshakeStart = Schema.TaggedStruct("HandshakeStart", { id: PeerId, extension: Extension })
  .annotate({ identifier: "HandshakeStart" })

/** The answer: the server's own id, or `error` when the id is taken. It has an extension only when the joiner has one. */
export const HandshakeResponse = Schema.TaggedStruct("HandshakeResponse", {
  id: PeerId,
  error: Schema.Boolean,
  extension: Extension
}).annotate({ identifier: "HandshakeResponse" })

/** Text from one peer to another. Peers on the way pass it on. */
export const Chat = Schema.TaggedStruct("Chat", { from: PeerId, to: PeerId, text: Schema.String })
  .annotate({ identifier: "Chat" })

/**
 * `id` can be reached through the sender. `via` is the sender's own id. `hops`, only between extended peers, is the number
 * of connections from the sender to it; 0 when it is not given.
 */
export const Join = Schema.TaggedStruct("Join", { id: PeerId, via: PeerId, hops: Schema.Int })
  .annotate({ identifier: "Join" })

/** `id` can no longer be reached through the sender. */
export const Leave = Schema.TaggedStruct("Leave", { id: PeerId }).annotate({ identifier: "Leave" })

/** A frame of a type that the protocol does not know, or the empty frame. An original only logs a warning. */
export const Unknown = Schema.TaggedStruct("Unknown", { type: Schema.Int }).annotate({ identifier: "Unknown" })

/** Any message. */
export const PeerMessage = Schema.Union([Chat, Join, Leave, HandshakeStart, HandshakeResponse, Unknown])
  .annotate({ identifier: "PeerMessage" })

/** True for a value that `Chat` takes. Plain code, as nearly all messages are text. */
const isChat = (value: unknown): value is Chat =>
  Predicate.hasProperty(value, "_tag") && value._tag === "Chat" &&
  Predicate.hasProperty(value, "from") && is(value.from) &&
  Predicate.hasProperty(value, "to") && is(value.to) &&
  Predicate.hasProperty(value, "text") && typeof value.text === "string"

const isAny = Schema.is(PeerMessage)

/** `PeerMessage` for values that are exactly a message, as `Protobuf` reads them: they are checked, and not copied. */
export const Received = Schema.declare(
  (value): value is PeerMessage => isChat(value) || isAny(value)
).annotate({ identifier: "PeerMessage" })

export type Chat = typeof Chat.Type
export type Join = typeof Join.Type
export type Leave = typeof Leave.Type
export type PeerMessage = typeof PeerMessage.Type
