/** `--console [PORT]`, of commands that run for long: a page in a browser on this machine. */
import { Context, Predicate, Result } from "effect"
import { text } from "../Flags.ts"
import { consolePort } from "../Values.ts"

const name = "--console"

/** The port where none is given. */
const usual = "4780"

/** The flag. */
export const flag = text(
  "console",
  consolePort,
  `Serve a page for a browser on this machine, and print a link to it that is good once (port ${usual} if none is given; `
    + "0 is a free one)"
)

/** The arguments with the usual port behind a flag that has none. Pure. */
export const withPort = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const end = args.indexOf("--")
  const isFlag = (arg: string, index: number) => arg === name && (end === -1 || index < end)
  return args.flatMap((arg, index) => {
    if (!isFlag(arg, index)) return [arg]
    return /^\d+$/.test(args[index + 1] ?? "") ? [arg] : [`${name}=${usual}`]
  })
}

/** The port at which the command that runs is to have a console; `undefined` where it is to have none. */
export const Wanted: Context.Reference<number | undefined> = Context.Reference("@peerage/cli/Console", {
  defaultValue: (): number | undefined => undefined
})

/** The port that was given to a command with the flag, where it can be one. */
export const portIn = (given: unknown): number | undefined => {
  const checked = Predicate.hasProperty(given, "console") ? given.console : undefined
  return Result.isResult(checked) && Result.isSuccess(checked) && Predicate.isNumber(checked.success)
    ? checked.success
    : undefined
}
