/**
 * What can be watched happening at a peer: one tagged union. Reasons are the tags of the errors in `PeerPyError`. The
 * original's handlers have their places here: listen is `Listening`, offer `Offer`, connection `Connected`, stop
 * `Stopped`, data `Data`, close `Closed`.
 */
import { PeerAddress } from "@peerage/transport"
import { Schema } from "effect"
import { DataType } from "./codec/DataType.ts"
import type { Value } from "./codec/Payload.ts"

/** A connection that somebody wants. `peer` is where that peer listens, as it says. */
export const Offer = Schema.Struct({
  peer: PeerAddress.PeerAddress,
  /** Where it really is. */
  remote: Schema.String,
  type: DataType,
  strict: Schema.Boolean,
  stream: Schema.Boolean
})
export type Offer = typeof Offer.Type

/** A value of any data type: for the application, not for a wire of its own. */
const AnyValue: Schema.declare<Value> = Schema.declare((value): value is Value => value !== undefined)

/** Everything a peer tells about itself and its connections. */
export const PeerPyEvent = Schema.TaggedUnion({
  /** The peer takes connections at `address`. */
  Listening: { address: Schema.String },
  /** Somebody wants a connection. */
  Offer: Offer.fields,
  /** A connection is there; `initiated` by this peer or by the other. */
  Connected: {
    peer: PeerAddress.PeerAddress,
    type: DataType,
    strict: Schema.Boolean,
    stream: Schema.Boolean,
    initiated: Schema.Boolean
  },
  /** A value arrived. */
  Data: { peer: PeerAddress.PeerAddress, type: DataType, data: AnyValue },
  /** A connection is over. */
  Closed: { peer: PeerAddress.PeerAddress, reason: Schema.String },
  /** A connection from `host` came to nothing. */
  Rejected: { host: Schema.String, reason: Schema.String },
  /** The peer takes no more connections. */
  Stopped: {}
})
export type PeerPyEvent = typeof PeerPyEvent.Type
