/**
 * What the command line tells beyond the library's own events: answers to what was typed, and what could not be done.
 */
import { PyileEvent } from "@peerage/pyile"
import { Schema } from "effect"
import { answers } from "../before/Answer.ts"

/** One message of a conversation. `sender` is missing where `own` is true. */
const Said = Schema.Struct({
  at: Schema.String,
  from: Schema.String,
  own: Schema.Boolean,
  alias: Schema.optionalKey(Schema.String),
  sender: Schema.optionalKey(PyileEvent.Sender),
  data: Schema.Json
})

/** Answers; times are ISO 8601. */
export const Answer = Schema.TaggedUnion({
  /** What was said in one conversation, oldest first, and which others there are. */
  History: { conversation: Schema.String, messages: Schema.Array(Said), conversations: Schema.Array(Schema.String) },
  /** The bans in force. */
  Bans: {
    bans: Schema.Array(
      Schema.Struct({ host: Schema.String, reason: Schema.String, until: Schema.optionalKey(Schema.String) })
    )
  },
  /** Addresses with wrong passwords on their account. */
  Limbo: { suspects: Schema.Array(Schema.Struct({ host: Schema.String, failures: Schema.Int })) },
  ...answers
})
export type Answer = typeof Answer.Type

/** All that is told in a Pyile room. */
export type Event = PyileEvent.PyileEvent | Answer
