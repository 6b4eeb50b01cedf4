/** Log lines: to standard error, one each, from the level that was asked for; stacks only at DEBUG. */
import { Cause, Layer, Logger, References } from "effect"
import { printable, shown } from "./Printable.ts"
import { timeOfDay } from "./room/Style.ts"
import type { Level } from "./Values.ts"

const names = new Map([["Warn", "WARNING"], ["Fatal", "CRITICAL"]])

/** Lines of text, each with its moment in milliseconds as `stamp` writes it. */
export const lines = (stamp: (millis: number) => string): Logger.Logger<unknown, string> =>
  Logger.make(({ cause, date, fiber, logLevel, message }) => {
    const parts = Array.isArray(message) ? message : [message]
    const level = names.get(logLevel) ?? logLevel.toUpperCase()
    const text = parts.map(shown).join(" ")
    const found = Cause.hasInterruptsOnly(cause) || cause.reasons.length === 0 ? "" : Cause.pretty(cause)
    const verbose = fiber.getRef(References.MinimumLogLevel) === "Debug"
    const trouble = verbose ? found : printable(found.split("\n")[0] ?? "")
    return `${stamp(date.getTime())} ${level} ${text}${trouble === "" ? "" : `${verbose ? "\n" : ": "}${trouble}`}`
  })

/** Logs from a level upward. Goes by the `Console` in force, so that a prompt keeps its place. */
export const layer = (level: Level): Layer.Layer<never> =>
  Layer.merge(
    Logger.layer([Logger.withConsoleError(lines(timeOfDay))]),
    Layer.succeed(References.MinimumLogLevel, level)
  )
