/** How every command is made: its help, its flags, its log, its failure in JSON, and the numbers of the libraries. */
import { remoteAddress } from "@peerage/console/Address"
import { printable } from "@peerage/console/Printable"
import { Cause, Config, Console, Effect, Predicate, Record, Result } from "effect"
import { Argument, Command } from "effect/cli"
import { reportFailure } from "../AsJson.ts"
import * as ConsoleFlag from "../console/Flag.ts"
import { argument, examplesOf, Json, LogLevel } from "../Flags.ts"
import { invoked } from "../Invoked.ts"
import { untilLeaving } from "../Leaving.ts"
import * as Log from "../Log.ts"
import * as Screen from "../room/Screen.ts"
import { invited, type Protocol } from "../secure/Invited.ts"
import { BadUsage, type Checks, readAll, required } from "../Usage.ts"

/** What the work of a command begins with: what was given, not read yet. */
export interface Task<Given> {
  /** The whole name of the command. */
  readonly name: string
  readonly given: Given
  readonly json: boolean
  readonly screen: Screen.Screen
  /** How this command was called, for the commands that it shows. */
  readonly invoked: string
  /** Gives the values of all checks; fails with every mistake in them and in the flags of all commands. */
  readonly read: <Values>(checks: Checks<Values>) => Effect.Effect<Values, BadUsage>
}

/** A command, but for its work. */
export interface Description<Flags> {
  /** The whole name, as `peerage pyile host`. */
  readonly name: string
  readonly about: string
  /** Commands to type, each with what it does. */
  readonly examples: { readonly [command: string]: string }
  readonly flags: Flags
  /** What is not done when it is interrupted, as a clause. A room, or a page, has nothing to finish: it is left. */
  readonly unfinished?: string
}

/** Makes a command. Its work ends with the command's scope; its failure is reported in JSON where JSON was asked for. */
export const define = <const Flags extends Command.Command.Config, E, R>(
  { about, examples, flags, name, unfinished }: Description<Flags>,
  work: (task: Task<Command.Command.Config.Infer<Flags>>) => Effect.Effect<void, E, R>
) =>
  Command.make(
    name.slice(name.lastIndexOf(" ") + 1),
    flags,
    Effect.fnUntraced(function*(given) {
      const [asJson, level] = [yield* Json, yield* LogLevel]
      const json = Result.getOrElse(asJson, () => false)
      const screen = yield* Screen.make(json)
      const task = { name, given, json, screen, invoked: yield* invoked }
      yield* untilLeaving(
        Effect.scoped(work({ ...task, read: (checks) => readAll(name, [asJson, level], checks) })),
        ConsoleFlag.portIn(given) === undefined ? unfinished : undefined
      ).pipe(
        // Nothing else in the process disturbs the line being typed.
        Effect.provideService(Console.Console, screen.console),
        Effect.provideService(ConsoleFlag.Wanted, ConsoleFlag.portIn(given)),
        Effect.tapCause((cause) =>
          json && !Cause.hasInterruptsOnly(cause) ? reportFailure(name, Cause.squash(cause)) : Effect.void
        ),
        Effect.tapCause((cause) => Effect.logDebug(`${name} ended`, cause)),
        Effect.provide(Log.layer(Result.getOrUndefined(level) ?? "Warn"))
      )
    })
  ).pipe(
    Command.withDescription(about),
    Command.withExamples(examplesOf(examples))
  )

/** Prints answers, or says on standard error that there are none: scripts take every line of standard output for one. */
export const print = (lines: ReadonlyArray<string>, none: string): Effect.Effect<void> =>
  lines.length > 0 ? Console.log(lines.join("\n")) : Console.error(none)

/** The argument for another peer of a protocol; `what` says which one. */
export const peerArgument = (protocol: Protocol, what: string) =>
  argument("HOST:PORT", "The peer's address or name, and its port; or its invitation").pipe(
    Argument.map(required(invited(protocol, remoteAddress), what))
  )

/** What a setting takes, where the schema of the library says it as to a programmer. */
const plainly: ReadonlyArray<readonly [expected: RegExp, plain: string]> = [
  [/^a string representing a finite number$|^an integer$/, "a whole number"],
  [/^a valid Duration string$/, "a length of time such as \"5 seconds\""],
  [/^a value greater than 0$/, "a whole number from 1"],
  [/^a value greater than or equal to 0$/, "a whole number from 0"],
  [/^a value less than or equal to (\d+)$/, "a whole number up to $1"],
  [/^a value between (\d+) and (\d+)$/, "a whole number from $1 to $2"]
]

const inWords = (expected: string): string => {
  const found = plainly.find(([pattern]) => pattern.test(expected))
  return found === undefined ? expected : expected.replace(...found)
}

const sentenceOf = Effect.fnUntraced(function*({ message }: Config.ConfigError) {
  const [, prefix, name] = /\["([A-Z0-9_]+)"\]\["([A-Z0-9_]+)"\]/.exec(message) ?? []
  const [, expected = "another value"] = /Expected ([^\n]+)/.exec(message) ?? []
  if (name === undefined) return message
  const given = yield* Effect.orElseSucceed(Config.String(`${prefix}_${name}`), () => "")
  return `${prefix}_${name} takes ${inWords(expected)}, not "${printable(given)}"`
})

/** Reads settings of a library from the environment, as its `PYILE_*`. */
export const settings = <A>(command: string, config: Config.Config<A>): Effect.Effect<A, BadUsage> =>
  Effect.catch(
    config,
    (error) =>
      Effect.flatMap(sentenceOf(error), (mistake) => Effect.fail(new BadUsage({ command, mistakes: [mistake] })))
  )

// One read from a socket can be thousands of messages, and a screen should miss none.
const eventBuffer = 65_536

/** What flags say in place of the environment; `undefined` where there is no flag. */
export type Overrides<Numbers> = { readonly [Name in keyof Numbers]?: Numbers[Name] | undefined }

/** The numbers of a library from the environment, with those of flags in their place. */
export const tuned = <Numbers extends { readonly eventBuffer: number }>(
  command: string,
  { config, defaults }: { readonly config: Config.Config<Numbers>; readonly defaults: Numbers },
  overrides: Overrides<Numbers> = {}
): Effect.Effect<Numbers, BadUsage> =>
  Effect.map(settings(command, config), (numbers) => {
    const held = numbers.eventBuffer === defaults.eventBuffer ? eventBuffer : numbers.eventBuffer
    return { ...numbers, eventBuffer: held, ...Record.filter(overrides, Predicate.isNotUndefined) }
  })
