/**
 * What the command line tells beyond the library's own events: who one is, answers to what was typed, and what could
 * not be done. In JSON, ids are strings.
 */
import { ChatEvent, PeerId } from "@peerage/p2p-chat"
import { Schema } from "effect"
import { answers } from "../room/Answer.ts"

/** One message of a conversation. `sender` is missing where `own` is true. */
const Said = Schema.Struct({
  at: Schema.String,
  from: PeerId.PeerId,
  to: PeerId.PeerId,
  own: Schema.Boolean,
  sender: Schema.optionalKey(ChatEvent.Sender),
  data: Schema.String
})

/** Answers; times are ISO 8601. */
export const Answer = Schema.TaggedUnion({
  /** The id that this peer goes by, told once at the beginning. */
  Self: { id: PeerId.PeerId },
  /** How each peer that can be reached is. */
  Table: { rows: Schema.Array(ChatEvent.Peer) },
  /** How many messages are kept for whom. */
  Buffer: { rows: Schema.Array(ChatEvent.Kept) },
  /** What was said, oldest first: to and by `peer`, or everybody; and with whom there are conversations. */
  History: {
    peer: Schema.optionalKey(PeerId.PeerId),
    messages: Schema.Array(Said),
    conversations: Schema.Array(PeerId.PeerId)
  },
  ...answers
})
export type Answer = typeof Answer.Type

/** All that is told in a chat room. */
export type Event = ChatEvent.ChatEvent | Answer

const codec = Schema.toCodecJson(Schema.Union([ChatEvent.ChatEvent, Answer]))

/** An event as JSON. */
export const encode: (event: Event) => unknown = Schema.encodeSync(codec)
