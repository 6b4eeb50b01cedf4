/** Log lines, one for each entry, with stacks only at DEBUG: to standard error, and to a file. */
import { Cause, Effect, type FileSystem, Layer, Logger, LogLevel, References, type Scope } from "effect"
import type { PlatformError } from "effect/PlatformError"
import { printable, shown } from "./Printable.ts"
import type { Journal } from "./room/Journal.ts"
import { iso, timeOfDay } from "./room/Style.ts"
import type { Level } from "./Values.ts"

const names = new Map([["Warn", "WARNING"], ["Fatal", "CRITICAL"]])

/** Lines of text, each with its time as `stamp` writes it. */
const lines = (stamp: (millis: number) => string): Logger.Logger<unknown, string> =>
  Logger.make(({ cause, date, fiber, logLevel, message }) => {
    const parts = Array.isArray(message) ? message : [message]
    const level = names.get(logLevel) ?? logLevel.toUpperCase()
    const text = parts.map(shown).join(" ")
    const found = Cause.hasInterruptsOnly(cause) || cause.reasons.length === 0 ? "" : Cause.pretty(cause)
    const verbose = fiber.getRef(References.MinimumLogLevel) === "Debug"
    const trouble = verbose ? found : printable(found.split("\n")[0] ?? "")
    return `${stamp(date.getTime())} ${level} ${text}${trouble === "" ? "" : `${verbose ? "\n" : ": "}${trouble}`}`
  })

/** Logs to standard error from a level upward, through the current `Console`, so that a prompt keeps its place. */
export const layer = (level: Level): Layer.Layer<never> =>
  Layer.merge(
    Logger.layer([Logger.withConsoleError(lines(timeOfDay))]),
    Layer.succeed(References.MinimumLogLevel, level)
  )

/** A log file that is open. */
export interface LogFile {
  /** Writes the log of some work to the file too. */
  readonly during: <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Writes the log of a room to the file, from INFO upward, even where standard error does not show it. */
  readonly copying: <Event>(journal: Journal<Event>) => Journal<Event>
}

/** No log file. */
export const noFile: LogFile = { during: (work) => work, copying: (journal) => journal }

/**
 * Opens a file for the scope's life and appends to it. The end of the scope waits for the last line. Fails where the file
 * cannot be opened.
 */
export const toFile = Effect.fnUntraced(function*(
  path: string
): Effect.fn.Return<LogFile, PlatformError, FileSystem.FileSystem | Scope.Scope> {
  const file = yield* Logger.toFile(lines(iso), path, { flag: "a" })
  const shown = yield* Logger.CurrentLoggers
  const showsAll = !LogLevel.isGreaterThan(yield* References.MinimumLogLevel, "Info")
  const only = <A, E, R>(work: Effect.Effect<A, E, R>) =>
    showsAll ? work : work.pipe(
      Effect.provideService(Logger.CurrentLoggers, new Set([file])),
      Effect.provideService(References.MinimumLogLevel, "Info")
    )
  return {
    during: Effect.provideService(Logger.CurrentLoggers, new Set([...shown, file])),
    copying: (journal) => ({
      ...journal,
      note: (event) => only(journal.note(event)),
      warn: (text) => only(journal.warn(text))
    })
  }
})
