/**
 * Whether JSON was asked for, and a command's failure in it. It is found in the arguments as they are, because a mistake in
 * them has to be told in JSON too.
 */
import { reasonOf } from "@peerage/console/Reasons"
import { Config, Console, Effect, Result } from "effect"
import { sentenceOf } from "./Exit.ts"
import { variable } from "./Flags.ts"
import * as Reporter from "./room/Reporter.ts"
import { yesOrNo } from "./Values.ts"

const saysYes = (text: string): boolean => Result.getOrElse(yesOrNo(text), () => false)

/** What the last `--json`, `--json=false` or `--no-json` among the arguments says; `undefined` where there is none. */
const typed = (args: ReadonlyArray<string>): boolean | undefined => {
  const end = args.indexOf("--")
  const options = end === -1 ? args : args.slice(0, end)
  const last = options.findLastIndex((arg) => /^--(no-)?json($|=)/.test(arg))
  const [name = "", word = Result.isSuccess(yesOrNo(options[last + 1] ?? "")) ? options[last + 1] : undefined] =
    (options[last] ?? "").split("=")
  if (last === -1) return undefined
  return (word === undefined || saysYes(word)) !== (name === "--no-json")
}

/** Whether the arguments, or else the environment, ask for JSON, as far as they can be read. */
export const isAsked = (args: ReadonlyArray<string>): Effect.Effect<boolean> => {
  const given = typed(args)
  if (given !== undefined) return Effect.succeed(given)
  return Effect.orElseSucceed(Effect.map(Config.String(variable("json")), saysYes), () => false)
}

/** Reports to programs, at the end of a command, that it failed as a whole. */
export const reportFailure = (command: string, error: unknown): Effect.Effect<void> => {
  const failed = { _tag: "Failed", command, reason: reasonOf(error), message: sentenceOf(error) }
  // Nobody has to read it before the end.
  return Effect.flatMap(Reporter.lines([failed]), (lines) => Console.log(lines.join("\n")))
}
