/**
 * The messages of p2p-chat, one schema each (P2P-CHAT.md, section 2). Their encoded side is what `Protobuf` reads from a
 * frame and prints into one; which message a frame holds is said by its `type` alone, as the originals have it.
 *
 *     HandshakeStart      joiner -> server
 *     HandshakeResponse   server -> joiner
 *     Chat, Join, Leave   both ways, once the handshake has succeeded
 */
import { Schema } from "effect"
import { PeerId } from "./PeerId.ts"

/**
 * The version of what two peers of ours have between them beyond the protocol; 0 for an original. An original passes
 * over the field as over any that it does not know.
 */
const Extension = Schema.Int

/** A joiner's first word: the id it wants. */
export const HandshakeStart = Schema.TaggedStruct("HandshakeStart", { id: PeerId, extension: Extension })
  .annotate({ identifier: "HandshakeStart" })

/** The answer: the server's own id, or `error` where the id is taken. The extension only in answer to one. */
export const HandshakeResponse = Schema.TaggedStruct("HandshakeResponse", {
  id: PeerId,
  error: Schema.Boolean,
  extension: Extension
}).annotate({ identifier: "HandshakeResponse" })

/** Text from one peer to another, passed on along the way. */
export const Chat = Schema.TaggedStruct("Chat", { from: PeerId, to: PeerId, text: Schema.String })
  .annotate({ identifier: "Chat" })

/**
 * `id` can be reached through the sender. `via` is the sender's own id. `hops`, only between two of ours, is how many
 * connections the sender needs to reach it; 0 where it is not said.
 */
export const Join = Schema.TaggedStruct("Join", { id: PeerId, via: PeerId, hops: Schema.Int })
  .annotate({ identifier: "Join" })

/** `id` can no longer be reached through the sender. */
export const Leave = Schema.TaggedStruct("Leave", { id: PeerId }).annotate({ identifier: "Leave" })

/** A frame of a type that the protocol does not know, the empty frame among them. An original only warns of it. */
export const Unknown = Schema.TaggedStruct("Unknown", { type: Schema.Int }).annotate({ identifier: "Unknown" })

/** Whatever a frame can hold. */
export const PeerMessage = Schema.Union([Chat, Join, Leave, HandshakeStart, HandshakeResponse, Unknown])
  .annotate({ identifier: "PeerMessage" })

export type HandshakeStart = typeof HandshakeStart.Type
export type HandshakeResponse = typeof HandshakeResponse.Type
export type Chat = typeof Chat.Type
export type Join = typeof Join.Type
export type Leave = typeof Leave.Type
export type PeerMessage = typeof PeerMessage.Type
