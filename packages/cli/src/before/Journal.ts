/**
 * The log of a room: what happened, the oldest forgotten first; copied to the process's log where that shows all. Knows
 * no protocol.
 */
import { Clock, Effect, LogLevel, References } from "effect"
import type { LogEntry } from "./Answer.ts"

/** Levels of the log. */
export type Level = "INFO" | "WARNING"

/** The log of one room. */
export interface Journal<Event> {
  /** Notes an event, if it is one for the log. */
  readonly note: (event: Event) => Effect.Effect<void>
  readonly warn: (text: string) => Effect.Effect<void>
  /** From a level upward, oldest first. */
  readonly entries: (level: Level) => Effect.Effect<ReadonlyArray<LogEntry>>
}

const copy = Effect.fnUntraced(function*(level: Level, text: string) {
  if (LogLevel.isGreaterThan(yield* References.MinimumLogLevel, "Info")) return
  yield* level === "INFO" ? Effect.logInfo(text) : Effect.logWarning(text)
})

const most = 1000

/** An empty log of `size` entries at most; `entryOf` says which events are for it, and in which words. */
export const make = <Event>(
  entryOf: (event: Event) => { readonly level: Level; readonly text: string } | undefined,
  size = most
): Journal<Event> => {
  const kept: Array<LogEntry> = []
  const write = (level: Level, text: string) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => {
      kept.push({ at, level, text })
      if (kept.length > size) kept.shift()
      return copy(level, text)
    })
  return {
    note: (event) => {
      const entry = entryOf(event)
      return entry === undefined ? Effect.void : write(entry.level, entry.text)
    },
    warn: (text) => write("WARNING", text),
    entries: (level) => Effect.sync(() => kept.filter((entry) => level === "INFO" || entry.level === level))
  }
}
