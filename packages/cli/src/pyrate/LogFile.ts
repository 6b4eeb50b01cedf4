/** A file to which log lines are appended: what standard error shows, and the log of the room from INFO upward. */
import { Effect, type FileSystem, Logger, LogLevel, References, type Scope } from "effect"
import type { PlatformError } from "effect/PlatformError"
import { iso } from "../before/Answer.ts"
import * as Log from "../Log.ts"
import type { Journal } from "./Journal.ts"

/** A log file that is open. */
export interface LogFile {
  /** Has what is logged written to the file too. */
  readonly during: <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Has what the room's log notes written to the file, where standard error does not show it as well. */
  readonly copying: (journal: Journal) => Journal
}

/** No log file. */
export const none: LogFile = { during: (work) => work, copying: (journal) => journal }

/** Opens the file for the scope's life, whose end waits for the last line. Fails when it cannot be opened. */
export const make = Effect.fnUntraced(function*(
  path: string
): Effect.fn.Return<LogFile, PlatformError, FileSystem.FileSystem | Scope.Scope> {
  const file = yield* Logger.toFile(Log.lines(iso), path, { flag: "a" })
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
