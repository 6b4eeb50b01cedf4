/**
 * The events of a peer: one tagged union. The original's handlers have their places here: listen is `Listening`, offer
 * `Offer`, connection `Connected`, stop `Stopped`, data `Data`, close `Closed`.
 */
import { PeerAddress, SocketFailure } from "@peerage/transport"
import { Schema } from "effect"
import { DataType } from "./codec/DataType.ts"
import type { Value } from "./codec/Payload.ts"

/** What a connection is to be like. */
const terms = {
  /** What the connection carries. */
  type: DataType,
  /** Whether data of another type breaks it. */
  strict: Schema.Boolean,
  /** Whether all payloads have the size of the first. */
  stream: Schema.Boolean
}

/** A connection that another peer wants. */
export const Offer = Schema.Struct({
  /** Where that peer listens, as it says. Nobody has verified it. */
  peer: PeerAddress.PeerAddress,
  /** The address from which it has dialed, as `host:port`. */
  remote: Schema.String,
  ...terms
})
export type Offer = typeof Offer.Type

/** Why a connection ended: the tag of a `PeerPyError.EndReason`, or the errno of the connection. */
export const ClosedReason = Schema.Literals([
  "Closed",
  "PeerClosed",
  "MalformedHeader",
  "StrictViolation",
  "UnreadableValue",
  "PayloadTooLarge",
  "TooMuchHeld",
  "WrongLength",
  "SlowReader",
  "PeerUnresponsive",
  "TooMany",
  "UnexpectedMessage",
  "FrameTruncated",
  ...SocketFailure.reasons
])
export type ClosedReason = typeof ClosedReason.Type

/** Why a connection that another peer opened was not established: the tag of an error in `PeerPyError`. */
export const RejectedReason = Schema.Literals([
  "Denied",
  "TooMany",
  "MalformedHeader",
  "PeerUnresponsive",
  "UnexpectedMessage",
  "FrameTruncated"
])
export type RejectedReason = typeof RejectedReason.Type

/** A value of any data type: for the application, not for a wire of its own. */
const AnyValue: Schema.declare<Value> = Schema.declare((value): value is Value => value !== undefined)

/** Everything that happens at a peer and at its connections. */
export const PeerPyEvent = Schema.TaggedUnion({
  /** The peer takes connections. */
  Listening: {
    /** Where, as `host:port`. */
    address: Schema.String
  },
  /** Another peer wants a connection. */
  Offer: Offer.fields,
  /** A connection was established. */
  Connected: {
    /** The other peer: its listening address as it says, or where it was dialed. */
    peer: PeerAddress.PeerAddress,
    ...terms,
    /** True where this peer opened it. */
    initiated: Schema.Boolean
  },
  /** A value arrived. */
  Data: {
    /** The peer that sent it. */
    peer: PeerAddress.PeerAddress,
    /** Its type, which may be another than the connection's where that is not strict. */
    type: DataType,
    /** The value. */
    data: AnyValue
  },
  /** A connection is over. */
  Closed: {
    /** The other peer. */
    peer: PeerAddress.PeerAddress,
    /** Why it is over. */
    reason: ClosedReason,
    /** What cannot be read, where the reason is `UnreadableValue`: "os.system is not plain data". Never the contents. */
    problem: Schema.optionalKey(Schema.String)
  },
  /** A connection that another peer opened was not established. One that disconnected early is not reported. */
  Rejected: {
    /** The IP address from which it came. */
    host: Schema.String,
    /** Why. */
    reason: RejectedReason
  },
  /** The peer takes no more connections. */
  Stopped: {}
})
export type PeerPyEvent = typeof PeerPyEvent.Type
