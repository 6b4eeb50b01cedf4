/**
 * The kinds of flags and arguments. Mistakes in them are reported all together. The environment can give a flag too:
 * `PEERAGE_CHAT_PORT` for `--chat-port`.
 */
import { Config, Effect, Option, Result } from "effect"
import { Argument, type Command, Flag, GlobalFlag, Param, Primitive } from "effect/cli"
import { type Check, type Given, type Kind, optional, required } from "./Usage.ts"
import { level, yesOrNo } from "./Values.ts"

/** The variable that gives a flag. */
export const variable = (name: string) => `PEERAGE_${name.toUpperCase().replaceAll("-", "_")}`

/**
 * Any text, read later. `metavar` says what shells complete: one of the words in `json|bytes|raw`, the path of a FILE or a
 * DIR.
 */
const textOf = (metavar: string): Primitive.Primitive<string> => {
  const { parse } = Primitive.String
  if (metavar.includes("|")) return { ...Primitive.Choice(metavar.split("|").map((word) => [word, word])), parse }
  if (metavar === "FILE") return { ...Primitive.Path("file"), parse }
  return metavar === "DIR" ? { ...Primitive.Path("directory"), parse } : Primitive.String
}

const missing = (name: string): Config.Config<Given> => Config.map(Config.all([]), () => ({ name, text: undefined }))

const typed = (name: string, metavar: string, description: string): Flag.Flag<Given> =>
  Flag.map(
    Param.makeSingle({
      kind: Param.flagKind,
      name,
      primitiveType: textOf(metavar),
      typeName: metavar,
      description: Option.some(description)
    }),
    (text): Given => ({ name: `--${name}`, text })
  )

const fromEnvironment = (name: string): Config.Config<Given> =>
  Config.map(Config.String(variable(name)), (text): Given => ({ name: variable(name), text }))

/** A flag with a value, not read yet. `metavar` stands for the value in the help. */
export const given = (name: string, metavar: string, description: string): Flag.Flag<Given> =>
  typed(name, metavar, description).pipe(
    Flag.withFallbackConfig(fromEnvironment(name)),
    Flag.withDefault({ name: `--${name}`, text: undefined })
  )

/** A flag with a value that must be there, as the help shows; `what` says what to give. */
export const needed = <A>(name: string, kind: Kind<A>, description: string, what: string): Flag.Flag<Check<A>> =>
  typed(name, kind.metavar, description).pipe(
    Flag.withFallbackConfig(fromEnvironment(name)),
    Flag.withFallbackConfig(missing(`--${name}`)),
    Flag.map(required(kind, what))
  )

/** A flag with a value that need not be there. */
export const text = <A>(name: string, kind: Kind<A>, description: string): Flag.Flag<Check<A | undefined>> =>
  Flag.map(given(name, kind.metavar, description), optional(kind))

/**
 * A flag with a value that may be given several times. In the environment the values have commas or blanks between them.
 */
export const several = <A>(name: string, kind: Kind<A>, description: string): Flag.Flag<Check<ReadonlyArray<A>>> =>
  Flag.atLeast(typed(name, kind.metavar, description), 0).pipe(
    Flag.withDefault([]),
    Flag.mapEffect(Effect.fnUntraced(function*(typed) {
      const none: Given = { name, text: undefined }
      const whole = typed.length > 0 ? none : yield* Effect.orElseSucceed(fromEnvironment(name), () => none)
      const parts = whole.text?.split(/[\s,]+/).filter((part) => part !== "") ?? []
      const given = [...typed, ...parts.map((text): Given => ({ name: whole.name, text }))]
      return Result.all(given.map(required(kind, "a value")))
    }))
  )

/** A flag without a value. */
export const yes = (name: string, description: string): Flag.Flag<Check<boolean>> =>
  Flag.Boolean(name).pipe(
    Flag.withDescription(description),
    Flag.map((value): Check<boolean> => Result.succeed(value)),
    Flag.withFallbackConfig(Config.map(fromEnvironment(name), required(yesOrNo, "true or false"))),
    Flag.withDefault(Result.succeed(false))
  )

/** An argument without a flag that must be there, not read yet. A check says where it is missing. */
export const argument = (name: string, description: string): Argument.Argument<Given> =>
  Argument.withFallbackConfig(positional(name, description), missing(name))

/** An argument without a flag that need not be there. `words` are those that shells complete. */
export const optionalArgument = (
  name: string,
  description: string,
  words?: ReadonlyArray<string>
): Argument.Argument<Given> => Argument.withDefault(positional(name, description, words), { name, text: undefined })

const positional = (name: string, description: string, words?: ReadonlyArray<string>): Argument.Argument<Given> =>
  Argument.map(
    Param.makeSingle({
      kind: Param.argumentKind,
      name,
      primitiveType: textOf(words?.join("|") ?? name),
      ...(words === undefined ? {} : { typeName: "string" }),
      description: Option.some(description)
    }),
    (text): Given => ({ name, text })
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
