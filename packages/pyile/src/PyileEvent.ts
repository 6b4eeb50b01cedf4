/**
 * What can be watched happening at a peer: one tagged union, the same for host and joiner, printed by the command line
 * as it is.
 */
import { PeerKey, SocketFailure } from "@peerage/transport"
import { PeerAddress } from "@peerage/transport/PeerAddress"
import { Schema } from "effect"
import { Data } from "./codec/Message.ts"
import { failureTags } from "./PyileError.ts"

/**
 * Why something ended or was refused: the tag of a `SessionFailure`, the errno of a connection, or one of the words that
 * no such error has, as "Left" (by itself) and "Unlisted" (no longer in the host's list).
 */
export const Reason = Schema.Literals([
  "Left",
  "Unlisted",
  "Kicked",
  "Replaced",
  "HostLeft",
  "NotAMember",
  ...failureTags,
  ...SocketFailure.reasons
])
export type Reason = typeof Reason.Type

/**
 * Whether a message's claimed sender is the real one, as far as addresses can tell: the only member at the address it
 * came from (Verified), one of several members there (SharedAddress), or somebody else (Mismatch).
 */
export const Sender = Schema.Literals(["Verified", "SharedAddress", "Mismatch"])
export type Sender = typeof Sender.Type

/** A receiver that did not get a message: no connection to it could be made, or it is not in the network. */
export const Undelivered = Schema.Struct({ peer: PeerAddress, reason: Schema.Literals(["Unreachable", "NotAMember"]) })
export type Undelivered = typeof Undelivered.Type

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

const key = { key: Schema.optionalKey(PeerKey.PeerKey) }

/**
 * A chat message as it arrived. `from` is whom it claims to be from; `sender` says whether that is so. `to` is what it
 * claims: "Broadcast", an address, or any other JSON. `alias` is free text. `data` is any JSON value; an integer
 * beyond 2^53 is a bigint. `key`, on a transport with keys, is that of the peer it came from.
 */
export const ReceivedMessage = Schema.Struct({
  from: PeerAddress,
  to: Data,
  alias: Schema.String,
  sender: Sender,
  data: Data,
  ...key
})
export type ReceivedMessage = typeof ReceivedMessage.Type

/** Everything a peer tells about itself and its network. `key`, on a transport with keys, is that of the peer it is about. */
export const PyileEvent = Schema.TaggedUnion({
  /** The peer takes connections at `address`. */
  Listening: { address: Schema.String },
  /** The peer has joined the network of the host at `peer`, again after a reconnection. */
  Connected: { peer: Schema.String, ...key },
  /** The session with the host at `peer` ended. */
  Closed: { peer: Schema.String, reason: Reason },
  /** `peer` is a member now. */
  Joined: { peer: PeerAddress, ...key },
  /** `peer` is a member no longer. */
  Left: { peer: PeerAddress, reason: Reason },
  /** The list of members changed; the peer itself is never in it. */
  Peers: { peers: Schema.Array(PeerAddress) },
  /** A message from `peer` carried this alias for the first time. An alias is only a claim. */
  AliasSeen: { peer: PeerAddress, alias: Schema.String },
  /** A chat message arrived. */
  Message: ReceivedMessage.fields,
  /** A message was sent; `to` is "Broadcast" or the receivers. */
  Sent: { to: Schema.Json, data: Data, ...Delivery.fields },
  /** A connection from `host` was turned away. `claimed` is the address that it claimed, where that was the reason. */
  Rejected: { host: Schema.String, reason: Reason, claimed: Schema.optionalKey(Schema.String), ...key },
  /** `host`, an address, a prefix or a key, may not join, for ever or until the time in ISO 8601. */
  Banned: { host: Schema.String, until: Schema.optionalKey(Schema.String), ...key },
  /** `host` may join again. */
  Unbanned: { host: Schema.String, ...key }
})
export type PyileEvent = typeof PyileEvent.Type
