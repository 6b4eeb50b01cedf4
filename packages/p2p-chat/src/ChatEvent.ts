/**
 * What can be watched at a peer: one tagged union, printed by the command as it is, with ids as strings. Reasons are the
 * tags of the errors in `ChatError`, and errno codes.
 */
import { Schema } from "effect"
import { Reason } from "./ChatError.ts"
import { PeerId } from "./codec/PeerId.ts"

/** A peer that can be reached. */
export const Peer = Schema.Struct({
  id: PeerId,
  /** Connections to cross. With an original in between there may be more, because it does not say. */
  hops: Schema.Int,
  /** The neighbour through which the peer is reached; the peer itself when it is a neighbour. */
  nextHop: PeerId
})
export type Peer = typeof Peer.Type

/**
 * How far the claimed sender of a message can be believed, which the protocol never checks. Verified: the neighbour that
 * the message came from has that id. Relayed: the message came from the neighbour that leads to that id, so any peer on
 * the way or behind it may have written it. Mismatch: another neighbour leads to that id.
 */
export const Sender = Schema.Literals(["Verified", "Relayed", "Mismatch"])
export type Sender = typeof Sender.Type

/** What became of a sent message. */
export const Sent = Schema.TaggedUnion({
  /** It is on its way with the next hop: the neighbour that passes it on, or the receiver itself. */
  Delivered: { nextHop: PeerId },
  /** It is stored until the receiver can be reached. */
  Buffered: {}
})
export type Sent = typeof Sent.Type

/** The number of messages stored for a peer that cannot be reached. */
export const Kept = Schema.Struct({ id: PeerId, messages: Schema.Int })
export type Kept = typeof Kept.Type

/** Why a connection ended. Left: this peer ended it. */
export const EndReason = Schema.Union([Schema.Literal("Left"), Reason])
export type EndReason = typeof EndReason.Type

/**
 * Why a peer can no longer be reached. Of a neighbour: why its connection ended. Withdrawn: the neighbour that led to it
 * says so. NextHopLeft: the neighbour that led to it is gone.
 */
export const LeaveReason = Schema.Union([Schema.Literals(["Withdrawn", "NextHopLeft"]), EndReason])
export type LeaveReason = typeof LeaveReason.Type

const joinedPeer = {
  /** The id of the peer through which this one joined. */
  peer: PeerId,
  /** The address of that peer. */
  address: Schema.String
}

/** Everything a peer reports about itself and its network. */
export const ChatEvent = Schema.TaggedUnion({
  /** The peer accepts connections. */
  Listening: { /** With the port that the system chose. */ address: Schema.String },
  /** The peer has joined the network; again after a rejoin. */
  Connected: joinedPeer,
  /** The connection to the joined peer ended. */
  Closed: { ...joinedPeer, /** Why it ended. */ reason: EndReason },
  /** A peer can be reached now. */
  Joined: { /** The id of the peer. */ peer: PeerId },
  /** A peer can no longer be reached. */
  Left: { /** The id of the peer. */ peer: PeerId, /** Why it cannot. */ reason: LeaveReason },
  /** The list of peers changed, once or several times. */
  Peers: { /** All peers that can be reached, without this one. */ peers: Schema.Array(Peer) },
  /** A message for this peer arrived. */
  Message: {
    /** The sender, as the message claims. */
    from: PeerId,
    to: PeerId,
    /** The neighbour that it came from. */
    via: PeerId,
    /** How far `from` can be believed. */
    sender: Sender,
    data: Schema.String
  },
  /** A message of this peer's own was sent or stored. */
  Sent: { to: PeerId, data: Schema.String, /** What became of it. */ result: Sent },
  /** Messages were given up. */
  Discarded: {
    /** Their receiver. */
    to: PeerId,
    /** How many. */
    messages: Schema.Int,
    /** They became too old, or there was no more room. */
    reason: Schema.Literals(["Expired", "BufferFull"])
  },
  /** A connection was refused. */
  Rejected: { /** The address of its machine. */ host: Schema.String, /** Why. */ reason: Reason }
})
export type ChatEvent = typeof ChatEvent.Type
