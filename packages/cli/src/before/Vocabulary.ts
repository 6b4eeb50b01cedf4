/**
 * The commands of a room's language: how each is written, what it does, and what is said where one is written wrong.
 * Knows no protocol. Pure.
 */
import { printable } from "../Printable.ts"
import type { Level } from "./Journal.ts"
import { first, nearest } from "./Words.ts"

/** A line that cannot be done; the message says what would be right. */
export interface Mistake {
  readonly _tag: "Mistake"
  readonly reason: "UnknownCommand" | "BadArgument"
  readonly message: string
}

/** A command, for understanding it, for the help, for completion, and for guessing what was meant. */
export interface Word<Line> {
  readonly name: string
  readonly usage: string
  readonly does: string
  readonly parse: (rest: string) => Line
}

/** A command; its usage begins with its name. */
export const word = <Line>(usage: string, does: string, parse: (rest: string) => Line): Word<Line> => ({
  name: first(usage)[0],
  usage,
  does,
  parse
})

/** What follows a command is not what it takes. */
export const mistake = (message: string): Mistake => ({ _tag: "Mistake", reason: "BadArgument", message })

/** Understands a command that takes nothing. */
export const alone = <Line>(line: Line) => (rest: string): Line | Mistake =>
  rest === "" ? line : mistake(`This command takes nothing after it, and there is "${printable(rest)}".`)

/** There is no such command; `otherwise` is said where none is near it. */
export const unknown = (
  name: string,
  known: ReadonlyArray<{ readonly name: string }>,
  otherwise: string
): Mistake => {
  const guess = nearest(name, known.map((word) => word.name))
  return {
    _tag: "Mistake",
    reason: "UnknownCommand",
    message: `There is no command ${printable(name)}. ${guess === undefined ? otherwise : `Did you mean ${guess}?`}`
  }
}

/** Understands what follows `/log` in rooms whose log has two levels. */
export const log = (rest: string): { readonly _tag: "Log"; readonly level: Level } | Mistake => {
  switch (rest.toUpperCase()) {
    case "":
    case "DEBUG":
    case "INFO":
      return { _tag: "Log", level: "INFO" }
    case "WARNING":
      return { _tag: "Log", level: "WARNING" }
    default:
      return mistake(`The levels of the log are INFO and WARNING, not "${printable(rest)}".`)
  }
}
