/**
 * What can be watched happening at a peer: one tagged union, printed by the command line as it is, with ids as strings.
 * Reasons are the tags of the errors in `ChatError` and of the link.
 */
import { Schema } from "effect"
import { PeerId } from "./codec/PeerId.ts"

/** A peer that can be reached. */
export const Peer = Schema.Struct({
  id: PeerId,
  /** Connections to cross. At least so many where an original is among those between, as it does not say. */
  hops: Schema.Int,
  /** The neighbour through which it is reached; itself when it is one. */
  nextHop: PeerId
})
export type Peer = typeof Peer.Type

/**
 * What can be said of a message's claimed sender, which the protocol never checks. Verified: the neighbour it came from
 * has that id. Relayed: it came the way that leads to that id, so that any peer along it, or behind it, may have written
 * it. Mismatch: it came another way.
 */
export const Sender = Schema.Literals(["Verified", "Relayed", "Mismatch"])
export type Sender = typeof Sender.Type

/** What became of a message that was sent: on its way with the next hop, or kept until the receiver can be reached. */
export const Sent = Schema.TaggedUnion({
  Delivered: { nextHop: PeerId },
  Buffered: {}
})
export type Sent = typeof Sent.Type

/** Messages kept for a peer that cannot be reached. */
export const Kept = Schema.Struct({ id: PeerId, messages: Schema.Int })
export type Kept = typeof Kept.Type

/** Everything a peer tells about itself and its network. */
export const ChatEvent = Schema.TaggedUnion({
  /** The peer takes connections at `address`. */
  Listening: { address: Schema.String },
  /** The peer has joined the network through the peer at `address`, whose id is `peer`; again after a rejoin. */
  Connected: { peer: PeerId, address: Schema.String },
  /** The connection to the peer at `address`, through which this one had joined, ended. */
  Closed: { peer: PeerId, address: Schema.String, reason: Schema.String },
  /** `peer` can be reached now. */
  Joined: { peer: PeerId },
  /** `peer` can be reached no longer. */
  Left: { peer: PeerId, reason: Schema.String },
  /** Who can be reached, or how, changed, once or several times; the peer itself is never in it. */
  Peers: { peers: Schema.Array(Peer) },
  /** A message for this peer arrived, over the neighbour `via`. */
  Message: { from: PeerId, to: PeerId, via: PeerId, sender: Sender, data: Schema.String },
  /** A message of this peer's own was sent. */
  Sent: { to: PeerId, data: Schema.String, result: Sent },
  /** Messages for `to` were given up: they became too old, or there was no more room. */
  Discarded: { to: PeerId, messages: Schema.Int, reason: Schema.Literals(["Expired", "BufferFull"]) },
  /** A connection from `host` was turned away. */
  Rejected: { host: Schema.String, reason: Schema.String }
})
export type ChatEvent = typeof ChatEvent.Type
