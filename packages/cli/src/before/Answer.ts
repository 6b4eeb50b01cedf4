/** Answers that every room gives to what was typed: its log, its help, and what could not be done. Knows no protocol. */
import { DateTime, Schema } from "effect"

/** The answers, to be spread among those of a protocol; times are ISO 8601. */
export const answers = {
  /** The peer's own log, oldest first. */
  Log: { entries: Schema.Array(Schema.Struct({ at: Schema.String, level: Schema.String, text: Schema.String })) },
  /** What can be typed. */
  Help: { commands: Schema.Array(Schema.Struct({ usage: Schema.String, does: Schema.String })) },
  /** A command, as it was typed, was not done. */
  Failed: { command: Schema.String, reason: Schema.String, message: Schema.String }
} as const

const Answer = Schema.TaggedUnion(answers)

/** One of them, by its tag. */
export type Answer<Tag extends (typeof Answer.Type)["_tag"]> = Extract<typeof Answer.Type, { readonly _tag: Tag }>

/** ISO 8601 of milliseconds since 1970. */
export const iso = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis))

/** A line of a log as rooms keep them, with milliseconds since 1970. */
export interface LogEntry {
  readonly at: number
  readonly level: string
  readonly text: string
}

/** The answer to `/log`. */
export const log = (entries: ReadonlyArray<LogEntry>): Answer<"Log"> => ({
  _tag: "Log",
  entries: entries.map(({ at, level, text }) => ({ at: iso(at), level, text }))
})

/** The answer to `/help`. */
export const help = (words: ReadonlyArray<{ readonly usage: string; readonly does: string }>): Answer<"Help"> => ({
  _tag: "Help",
  commands: words.map(({ does, usage }) => ({ usage, does }))
})

/** The answer where there is none. */
export const failed = (command: string, reason: string, message: string): Answer<"Failed"> => ({
  _tag: "Failed",
  command,
  reason,
  message
})
