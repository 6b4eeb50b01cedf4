/**
 * The kinds of flags and arguments. Mistakes in them are reported all together. The environment can give a flag too:
 * `PEERAGE_CHAT_PORT` for `--chat-port`.
 */
import { Config, Result } from "effect"
import { Argument, type Command, Flag, GlobalFlag } from "effect/cli"
import { type Check, type Given, type Kind, optional } from "./Usage.ts"
import { level } from "./Values.ts"

const variable = (name: string) => `PEERAGE_${name.toUpperCase().replaceAll("-", "_")}`

/** A flag with a value, not read yet. `metavar` stands for the value in the help. */
export const given = (name: string, metavar: string, description: string): Flag.Flag<Given> =>
  Flag.String(name).pipe(
    Flag.withMetavar(metavar),
    Flag.withDescription(description),
    Flag.map((text): Given => ({ name: `--${name}`, text })),
    Flag.withFallbackConfig(
      Config.map(Config.String(variable(name)), (text): Given => ({ name: variable(name), text }))
    ),
    Flag.withDefault({ name: `--${name}`, text: undefined })
  )

/** A flag with a value that need not be there. */
export const text = <A>(name: string, kind: Kind<A>, description: string): Flag.Flag<Check<A | undefined>> =>
  Flag.map(given(name, kind.metavar, description), optional(kind))

/** A flag without a value. */
export const yes = (name: string, description: string): Flag.Flag<Result.Result<boolean>> =>
  Flag.Boolean(name).pipe(
    Flag.withDescription(description),
    Flag.withFallbackConfig(Config.Boolean(variable(name))),
    Flag.withDefault(false),
    Flag.map(Result.succeed)
  )

/** An argument without a flag, not read yet. A check says where it is missing. */
export const argument = (name: string, description: string): Argument.Argument<Given> =>
  Argument.String(name).pipe(
    Argument.withDescription(description),
    Argument.map((text): Given => ({ name, text })),
    Argument.withDefault({ name, text: undefined })
  )

/** `--json`, on every command. */
export const Json = GlobalFlag.Setting("json")({
  flag: yes("json", "Print every event as one JSON object a line, and read one command a line")
})

/** `--log-level`, on every command. */
export const LogLevel = GlobalFlag.Setting("log-level")({
  flag: text("log-level", level, "Write log lines from this level upward to standard error (default WARNING)")
})

/** Examples for the help: commands to type, each with what it does. */
export const examplesOf = (examples: { readonly [command: string]: string }): ReadonlyArray<Command.Command.Example> =>
  Object.entries(examples).map(([command, description]) => ({ command, description }))
