/**
 * Flags as every command has them: texts that are read later, all together, and that the environment can give instead:
 * `--chat-port` or `PEERAGE_CHAT_PORT`.
 */
import { Config, Option } from "effect"
import { Argument, Flag, GlobalFlag } from "effect/cli"
import type { Given } from "./Usage.ts"

const variable = (name: string) => `PEERAGE_${name.toUpperCase().replaceAll("-", "_")}`

/** What a flag is called in the help. */
export interface Description {
  readonly metavar: string
  readonly description: string
}

/** A flag with a value, not read yet. */
export const text = (name: string, { description, metavar }: Description): Flag.Flag<Given | undefined> =>
  Flag.String(name).pipe(
    Flag.withMetavar(metavar),
    Flag.withDescription(description),
    Flag.map((text): Given => ({ name: `--${name}`, text })),
    Flag.withFallbackConfig(
      Config.map(Config.String(variable(name)), (text): Given => ({ name: variable(name), text }))
    ),
    Flag.optional,
    Flag.map(Option.getOrUndefined)
  )

/** A flag that is there or not. */
export const yes = (name: string, description: string): Flag.Flag<boolean> =>
  Flag.Boolean(name).pipe(
    Flag.withDescription(description),
    Flag.withFallbackConfig(Config.Boolean(variable(name))),
    Flag.withDefault(false)
  )

/** An argument without a flag, not read yet. Where it is missing is for the command to say. */
export const argument = (name: string, description: string): Argument.Argument<Given | undefined> =>
  Argument.String(name).pipe(
    Argument.withDescription(description),
    Argument.map((text): Given => ({ name, text })),
    Argument.optional,
    Argument.map(Option.getOrUndefined)
  )

/** `--json`, on every command. */
export const Json = GlobalFlag.Setting("json")({
  flag: yes("json", "Print every event as one JSON object a line, and read one command a line")
})

/** `--log-level`, on every command. */
export const LogLevel = GlobalFlag.Setting("log-level")({
  flag: text("log-level", {
    metavar: "DEBUG|INFO|WARNING|ERROR|CRITICAL",
    description: "Write log lines from this level upward to standard error (default WARNING)"
  })
})
