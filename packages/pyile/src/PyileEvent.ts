/**
 * What can be watched happening at a peer: one tagged union, the same for host and joiner, printed by the command line
 * as it is. Reasons are the tags of the errors in `PyileError` and of the link.
 */
import { PeerAddress } from "@peerage/transport/PeerAddress"
import { Schema } from "effect"

/**
 * Whether a message's claimed sender is the real one, as far as addresses can tell: the only member at the address it
 * came from (Verified), one of several members there (SharedAddress), or somebody else (Mismatch).
 */
export const Sender = Schema.Literals(["Verified", "SharedAddress", "Mismatch"])
export type Sender = typeof Sender.Type

/** A receiver that did not get a message, and why. */
export const Undelivered = Schema.Struct({ peer: PeerAddress, reason: Schema.String })

/**
 * Who got a message. `acknowledged`: the receiver's answer was read. `written`: the bytes went out and no answer came,
 * which from an original is normal. `failed`: it was not delivered.
 */
export const Delivery = Schema.Struct({
  acknowledged: Schema.Array(PeerAddress),
  written: Schema.Array(PeerAddress),
  failed: Schema.Array(Undelivered)
})
export type Delivery = typeof Delivery.Type

/** A chat message as it arrived. `from` and `to` are what it claims: "Broadcast", an address, or any other JSON. */
export const ReceivedMessage = Schema.Struct({
  from: Schema.String,
  to: Schema.Json,
  alias: Schema.optionalKey(Schema.String),
  sender: Sender,
  data: Schema.Json
})
export type ReceivedMessage = typeof ReceivedMessage.Type

/** Everything a peer tells about itself and its network. */
export const PyileEvent = Schema.TaggedUnion({
  /** The peer takes connections at `address`. */
  Listening: { address: Schema.String },
  /** The peer has joined the network of the host at `peer`, again after a reconnection. */
  Connected: { peer: Schema.String },
  /** The session with the host at `peer` ended. */
  Closed: { peer: Schema.String, reason: Schema.String },
  /** `peer` is a member now. */
  Joined: { peer: PeerAddress },
  /** `peer` is a member no longer. */
  Left: { peer: PeerAddress, reason: Schema.String },
  /** The list of members changed; the peer itself is never in it. */
  Peers: { peers: Schema.Array(PeerAddress) },
  /** A message from `peer` carried this alias for the first time. An alias is only a claim. */
  AliasSeen: { peer: PeerAddress, alias: Schema.String },
  /** A chat message arrived. */
  Message: ReceivedMessage.fields,
  /** A message was sent; `to` is "Broadcast" or the receivers. */
  Sent: { to: Schema.Json, data: Schema.Json, ...Delivery.fields },
  /** A connection from `host` was turned away. */
  Rejected: { host: Schema.String, reason: Schema.String },
  /** `host`, an address or a prefix, may not join, for ever or until the time in ISO 8601. */
  Banned: { host: Schema.String, until: Schema.optionalKey(Schema.String) },
  /** `host` may join again. */
  Unbanned: { host: Schema.String }
})
export type PyileEvent = typeof PyileEvent.Type
