/** Answers that every room gives, and pieces of others, as lines for people. Knows no protocol. Pure. */
import { DateTime } from "effect"
import { printable } from "../Printable.ts"
import type { Answer } from "./Answer.ts"
import type { Style } from "./Style.ts"
import { timeOfDay } from "./Teller.ts"

/** The lines, or a sentence in place of none. */
export const orNone = (lines: ReadonlyArray<string>, none: string): ReadonlyArray<string> =>
  lines.length === 0 ? [none] : lines

/** The time of day here of a time in ISO 8601. */
export const timeIn = (iso: string): string => timeOfDay(DateTime.toEpochMillis(DateTime.makeUnsafe(iso)))

/** Who else is here, by names fit to print. */
export const others = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.length === 0
    ? ["Nobody else is here yet."]
    : [`${names.length} ${names.length === 1 ? "other is" : "others are"} here:`, ...names.map((name) => `  ${name}`)]

/** What a mark of doubt looks like before a message that came from somebody else than it claims. */
export const doubt = (style: Style): string => style.red("NOT FROM WHOM IT SAYS:")

/** The log. */
export const log = (style: Style, { entries }: Answer<"Log">): ReadonlyArray<string> =>
  orNone(
    entries.map(({ at, level, text }) => `${style.dim(timeIn(at))} ${level.padEnd(7)} ${printable(text)}`),
    "The log is empty."
  )

/** What can be typed, a command a line. */
export const help = (style: Style, { commands }: Answer<"Help">): ReadonlyArray<string> => {
  const width = Math.max(...commands.map(({ usage }) => usage.length))
  return commands.map(({ does, usage }) => `  ${style.bold(usage.padEnd(width))}  ${does}`)
}
