/** Log lines, one for each entry, with stacks only at DEBUG: to standard error, and to a file. */
import type { Journal } from "@peerage/console/Journal"
import { printable, shown } from "@peerage/console/Printable"
import * as SystemProblem from "@peerage/wire/SystemProblem"
import { Cause, Deferred, Effect, FileSystem, Layer, Logger, LogLevel, References, Schema, type Scope } from "effect"
import type { PlatformError } from "effect/PlatformError"
import { counted, iso, timeOfDay } from "./room/Style.ts"
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

// Lines that nobody reads take memory.
const most = 1_048_576

/** Leaves lines out while more than a mebibyte waits for its reader, and says before the next one how many. */
export const bounded = (
  logger: Logger.Logger<unknown, void>,
  output: Pick<NodeJS.WriteStream, "writableLength">
): Logger.Logger<unknown, void> => {
  let left = 0
  return Logger.make((entry) => {
    if (output.writableLength > most) return void left++
    if (left > 0) {
      const message = `${counted(left, "log line")} left out here: nobody read in time.`
      logger.log({ ...entry, message, logLevel: "Warn" })
    }
    left = 0
    logger.log(entry)
  })
}

/** A prompt shows the log on standard output, where that is the terminal. */
const shownOn = {
  get writableLength() {
    return process.stderr.writableLength + (process.stdout.isTTY ? process.stdout.writableLength : 0)
  }
}

/** Logs to standard error from a level upward, through the current `Console`, so that a prompt keeps its place. */
export const layer = (level: Level): Layer.Layer<never> =>
  Layer.merge(
    Logger.layer([bounded(Logger.withConsoleError(lines(timeOfDay)), shownOn)]),
    Layer.succeed(References.MinimumLogLevel, level)
  )

/** A log file that is open. */
export interface LogFile {
  /** Writes the log of some work to the file too. */
  readonly during: <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A, E | LogFileError, R>
  /** Writes the log of a room to the file, from INFO upward, even where standard error does not show it. */
  readonly copying: <Event>(journal: Journal<Event>) => Journal<Event>
}

/** No log file. */
export const noFile: LogFile = { during: (work) => work, copying: (journal) => journal }

/** The log file cannot be opened, or not be written any more. */
export class LogFileError extends Schema.TaggedError<LogFileError>()("LogFileError", {
  path: Schema.String,
  problem: Schema.String
}) {
  override get message() {
    return `The log cannot be written to ${this.path}: ${this.problem}. ${SystemProblem.remedy(this.problem)}`
  }
}

/** Opens a file to append to. One that nobody may read for a while, such as a pipe, would hold everything up. */
const open = Effect.fnUntraced(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const type = yield* Effect.match(fs.stat(path), { onFailure: () => "None", onSuccess: ({ type }) => type })
  if (type === "FIFO" || type === "Socket") {
    return yield* new LogFileError({ path, problem: SystemProblem.inWords("special") })
  }
  return yield* Effect.mapError(fs.open(path, { flag: "a" }), troubleAt(path))
})

const troubleAt = (path: string) => (error: PlatformError) =>
  new LogFileError({ path, problem: SystemProblem.of(error) })

const encoder = new TextEncoder()

/**
 * Opens a file for the scope's life and appends to it. The end of the scope waits for the last line. Fails where the file
 * cannot be opened. Where it cannot be written, the work ends with that, and so does the scope where it is the last line.
 */
export const toFile = Effect.fnUntraced(function*(
  path: string
): Effect.fn.Return<LogFile, LogFileError, FileSystem.FileSystem | Scope.Scope> {
  const file = yield* open(path)
  const lost = yield* Deferred.make<never, LogFileError>()
  // Closed after the logger, which writes its last lines then.
  yield* Effect.addFinalizer(() =>
    Effect.flatMap(Deferred.isDone(lost), (isLost) => isLost ? Effect.orDie(Deferred.await(lost)) : Effect.void)
  )
  const logger = yield* Logger.batched(lines(iso), {
    window: 1000,
    flush: (output) =>
      Effect.catch(
        file.writeAll(encoder.encode(`${output.join("\n")}\n`)),
        (error) => Deferred.fail(lost, troubleAt(path)(error))
      )
  })
  const shown = yield* Logger.CurrentLoggers
  const showsAll = !LogLevel.isGreaterThan(yield* References.MinimumLogLevel, "Info")
  const only = <A, E, R>(work: Effect.Effect<A, E, R>) =>
    showsAll ? work : work.pipe(
      Effect.provideService(Logger.CurrentLoggers, new Set([logger])),
      Effect.provideService(References.MinimumLogLevel, "Info")
    )
  return {
    during: (work) =>
      Effect.provideService(
        Effect.raceFirst(work, Deferred.await(lost)),
        Logger.CurrentLoggers,
        new Set([...shown, logger])
      ),
    copying: (journal) => ({
      ...journal,
      note: (event) => only(journal.note(event)),
      warn: (text) => only(journal.warn(text))
    })
  }
})
