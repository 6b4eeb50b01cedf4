/**
 * What the command line tells in a PeerPy room: the library's events, with values as JSON, answers to what was typed,
 * and what could not be done.
 */
import { DataType, PeerPyEvent } from "@peerage/peerpy"
import { PeerAddress } from "@peerage/transport"
import { Schema } from "effect"
import { answers } from "../before/Answer.ts"
import { plain } from "./Plain.ts"

/** A connection that is there. */
const Connected = Schema.Struct({ ...PeerPyEvent.Offer.fields, initiated: Schema.Boolean })

/** One message of a conversation. */
const Said = Schema.Struct({
  at: Schema.String,
  peer: PeerAddress.PeerAddress,
  own: Schema.Boolean,
  type: DataType.DataType,
  data: Schema.Json
})

/** Answers; times are ISO 8601. */
export const Answer = Schema.TaggedUnion({
  /** A value arrived; see `Plain` for how it is JSON. */
  Data: { peer: PeerAddress.PeerAddress, type: DataType.DataType, data: Schema.Json },
  /** An offer that waited for an answer was taken back. */
  Withdrawn: { peer: PeerAddress.PeerAddress, remote: Schema.String },
  /** A payload of so many bytes was passed over. */
  Dropped: { peer: PeerAddress.PeerAddress, size: Schema.Finite, reason: Schema.String },
  /** To whom a value went; nothing acknowledges its arrival. */
  Sent: {
    to: Schema.Union([Schema.Literal("Broadcast"), Schema.Array(PeerAddress.PeerAddress)]),
    data: Schema.Json,
    written: Schema.Array(PeerAddress.PeerAddress),
    failed: Schema.Array(Schema.Struct({ peer: PeerAddress.PeerAddress, reason: Schema.String }))
  },
  /** The connections that are there, and the offers that wait for an answer. */
  Peers: { peers: Schema.Array(Connected), offers: Schema.Array(PeerPyEvent.Offer) },
  /** A peer is on this network. */
  Found: { peer: PeerAddress.PeerAddress },
  /** That were all of them. */
  Discovered: { found: Schema.Int },
  /** Whether those who look for peers find this one. */
  Visibility: { invisible: Schema.Boolean },
  /** What was said, oldest first: to and by `peer`, or everybody; and with whom there are conversations. */
  History: {
    peer: Schema.optionalKey(PeerAddress.PeerAddress),
    messages: Schema.Array(Said),
    conversations: Schema.Array(PeerAddress.PeerAddress)
  },
  ...answers
})
export type Answer = typeof Answer.Type

/** All that is told in a PeerPy room. */
export type Event = Exclude<PeerPyEvent.PeerPyEvent, { readonly _tag: "Data" }> | Answer

/** One of them, by its tag. */
export type Tagged<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

/** What the library tells, as it is told here. */
export const told = (event: PeerPyEvent.PeerPyEvent): Event =>
  event._tag === "Data" ? { ...event, data: plain(event.type, event.data) } : event
