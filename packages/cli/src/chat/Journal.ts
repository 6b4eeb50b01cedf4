/** The log of a chat room: what happened, the oldest forgotten first; copied to the process's log where that shows all. */
import { Clock, Effect, LogLevel, References } from "effect"
import type { LogEntry } from "../room/Answer.ts"
import type { Event } from "./Answer.ts"
import { type Happening, sentence } from "./Happening.ts"

/** Levels of the log. */
export type Level = "INFO" | "WARNING"

/** The log of one room. */
export interface Journal {
  /** Notes an event, if it is about the network. */
  readonly note: (event: Event) => Effect.Effect<void>
  readonly warn: (text: string) => Effect.Effect<void>
  /** From a level upward, oldest first. */
  readonly entries: (level: Level) => Effect.Effect<ReadonlyArray<LogEntry>>
}

const levels: { readonly [tag in Happening["_tag"]]: Level } = {
  Listening: "INFO",
  Connected: "INFO",
  Closed: "WARNING",
  Joined: "INFO",
  Left: "INFO",
  Discarded: "WARNING",
  Rejected: "WARNING"
}

const happens = (event: Event): event is Happening => Object.hasOwn(levels, event._tag)

const copy = Effect.fnUntraced(function*(level: Level, text: string) {
  if (LogLevel.isGreaterThan(yield* References.MinimumLogLevel, "Info")) return
  yield* level === "INFO" ? Effect.logInfo(text) : Effect.logWarning(text)
})

const most = 1000

/** An empty log of `size` entries at most. */
export const make = (size = most): Journal => {
  const kept: Array<LogEntry> = []
  const write = (level: Level, text: string) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => {
      kept.push({ at, level, text })
      if (kept.length > size) kept.shift()
      return copy(level, text)
    })
  return {
    note: (event) => happens(event) ? write(levels[event._tag], sentence(event, String)) : Effect.void,
    warn: (text) => write("WARNING", text),
    entries: (level) => Effect.sync(() => kept.filter((entry) => level === "INFO" || entry.level === level))
  }
}
