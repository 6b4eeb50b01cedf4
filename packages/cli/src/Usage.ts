/**
 * Bad usage: one error with every mistake in it, each naming its argument, and a pointer to the help of the command.
 *
 *     peerage pyile host: --attempts takes a whole number from 1, not "none"
 *     See peerage pyile host --help
 */
import { printable } from "@peerage/console/Printable"
import type { Reader } from "@peerage/console/Reader"
import { Array, Effect, Result, Schema } from "effect"

/** What was typed cannot be done as it was typed. `command` is the command's whole name. */
export class BadUsage extends Schema.TaggedError<BadUsage>()("BadUsage", {
  command: Schema.String,
  mistakes: Schema.NonEmptyArray(Schema.String)
}) {
  override get message() {
    const lines = this.mistakes.map((mistake) => `${this.command}: ${mistake}`)
    return [...lines, `See ${this.command} --help`].join("\n")
  }
}

/** A value as it was given, with its place: `--listen`, `HOST` or `PEERAGE_LISTEN`. `undefined` where none was given. */
export interface Given {
  readonly name: string
  readonly text: string | undefined
}

/** A reader for flags; `metavar` stands for the value in the help. */
export interface Kind<A> extends Reader<A> {
  readonly metavar: string
}

/** Gives a reader its `metavar`. */
export const kind = <A>(metavar: string, read: Reader<A>): Kind<A> =>
  Object.assign((text: string) => read(text), { metavar })

/** A value that was read, or the sentence about the mistake in it, which names the argument. */
export type Check<A> = Result.Result<A, string>

const readGiven = <A, B>({ name, text }: Given, read: Reader<A>, missing: Check<B>): Check<A | B> =>
  text === undefined
    ? missing
    : Result.mapError(read(text), (wanted) => `${name} takes ${wanted}, not "${printable(text)}"`)

/** Reads a value that need not be there. */
export const optional = <A>(read: Reader<A>) => (given: Given): Check<A | undefined> =>
  readGiven(given, read, Result.succeed(undefined))

/** Reads a value that must be there; `what` says what to give. */
export const required = <A>(read: Reader<A>, what: string) => (given: Given): Check<A> =>
  readGiven(given, read, Result.fail(`${given.name} is missing: ${what}`))

/** What is read for one command: a check for each of the values. */
export type Checks<Values> = { readonly [Name in keyof Values]: Check<Values[Name]> }

/** Gives the values of all checks. Fails with every mistake, those of `before` first. */
export function readAll<V>(
  command: string,
  before: ReadonlyArray<Check<unknown>>,
  checks: Checks<V>
): Effect.Effect<V, BadUsage>
export function readAll(
  command: string,
  before: ReadonlyArray<Check<unknown>>,
  checks: Checks<Record<string, unknown>>
): Effect.Effect<unknown, BadUsage> {
  const mistakes = Array.getFailures([...before, ...Object.values(checks)])
  return Array.isArrayNonEmpty(mistakes)
    ? Effect.fail(new BadUsage({ command, mistakes }))
    : Effect.orDie(Effect.fromResult(Result.all(checks)))
}
