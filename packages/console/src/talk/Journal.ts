/**
 * The log of a room: what happened, in the sentences that people see. It is bounded and forgets the oldest lines first;
 * the process's log gets a copy where it shows that much. Knows no protocol.
 */
import { Clock, Effect, LogLevel, References } from "effect"

/** Levels of the log of a room. */
export type Level = "INFO" | "WARNING"

/** What an event is in the log; without a level it is not in it. */
export interface Note {
  readonly text: string
  readonly level?: Level | undefined
}

/** A line of a log. */
export interface Entry {
  /** Counts the lines. */
  readonly n: number
  /** In milliseconds since 1970. */
  readonly at: number
  readonly level: Level
  readonly text: string
}

/** The log of one room. */
export type Journal<Event> = ReturnType<typeof make<Event>>

const logging = { INFO: Effect.logInfo, WARNING: Effect.logWarning, ERROR: Effect.logError }

/** Copies a line to the process's log, where that shows as much. */
export const copy = Effect.fnUntraced(
  function*({ level, text }: { readonly level: keyof typeof logging; readonly text: string }) {
    if (LogLevel.isGreaterThan(yield* References.MinimumLogLevel, "Info")) return
    yield* logging[level](text)
  }
)

const most = 1000

/** Makes an empty log of `size` entries at most; `tell` says which events are for it, and in which words. */
export const make = <Event>(tell: (event: Event) => Note | undefined, size = most) => {
  const kept: Array<Entry> = []
  let n = 0
  const write = (level: Level, text: string) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => {
      kept.push({ n: n++, at, level, text })
      if (kept.length > size) kept.shift()
      return copy({ level, text })
    })
  return {
    /** Notes an event, if it is one for the log. */
    note: (event: Event): Effect.Effect<void> => {
      const told = tell(event)
      return told?.level === undefined ? Effect.void : write(told.level, told.text)
    },
    warn: (text: string): Effect.Effect<void> => write("WARNING", text),
    /** From a level upward, oldest first. */
    entries: (level: Level): Effect.Effect<ReadonlyArray<Entry>> =>
      Effect.sync(() => kept.filter((entry) => level === "INFO" || entry.level === level))
  }
}
