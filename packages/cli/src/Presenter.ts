/**
 * What effect/cli has to say, in our words: mistakes in one line each, and the help of a command with the flags that must
 * be given in the usage, the variable that gives each flag, and the exit codes.
 */
import { printable } from "@peerage/console/Printable"
import { Array, Console, Effect, Option } from "effect"
import { type CliError, CliOutput, type HelpDoc, TerminalCapabilities } from "effect/cli"
import { reportFailure } from "./AsJson.ts"
import * as Dashes from "./Dashes.ts"
import { meanings } from "./Exit.ts"
import { variable } from "./Flags.ts"
import { ansi, none } from "./room/Style.ts"
import { enumerated } from "./room/Words.ts"
import { BadUsage } from "./Usage.ts"

// They are no flags of a command's work.
const withoutVariable = ["help", "version", "completions"]

const described = (flag: HelpDoc.FlagDoc): HelpDoc.FlagDoc => ({
  ...flag,
  description: Option.map(flag.description, (description) => {
    // The words stand in place of the value already.
    const text = flag.type.includes("|") ? description.replace(/ \(choices: .*\)$/, "") : description
    return withoutVariable.includes(flag.name) ? text : `${text} [env: ${variable(flag.name)}]`
  })
})

/** Fills in what effect/cli does not know. */
const complete = (doc: HelpDoc.HelpDoc): HelpDoc.HelpDoc => {
  const needed = doc.flags.filter(({ required }) => required).map(({ name, type }) => `--${name} ${type} `)
  return {
    ...doc,
    usage: doc.usage.replace("[flags]", `${needed.join("")}[flags]`),
    flags: doc.flags.map(described),
    globalFlags: (doc.globalFlags ?? []).map(described)
  }
}

/** Prints the help of a command. */
const presentHelp = Effect.fnUntraced(
  function*(event: Extract<CliOutput.Presenter.Event, { readonly _tag: "Help" }>) {
    const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
    yield* CliOutput.defaultPresenter.present({ ...event, helpDoc: complete(event.helpDoc) })
    const codes = Object.entries(meanings).map(([code, meaning]) => `  ${code}  ${meaning}`)
    yield* Console.log(["", (canColor ? ansi : none).bold("EXIT CODES"), ...codes].join("\n"))
  }
)

/** The commands of a command, in words. */
const commandsIn = ({ subcommands = [] }: HelpDoc.HelpDoc) =>
  enumerated(subcommands.flatMap(({ commands }) => commands.map(({ name }) => name)), "or")

const meant = (suggestions: ReadonlyArray<string>) =>
  suggestions.length === 0 ? "" : `. Did you mean ${suggestions.join(" or ")}?`

/** What effect/cli expects, as `Expected: "bash" | "zsh"`, in words. */
const wanted = (expected: string) =>
  enumerated(expected.replace(/^Expected:? /, "").replaceAll("\"", "").split(" | "), "or")

/** A mistake that effect/cli found, in one line. */
const sentenceOf = (error: CliError.NonShowHelpErrors): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return `there is no flag ${printable(error.option)}${meant(error.suggestions)}`
    case "UnknownSubcommand":
      return `there is no command "${printable(error.subcommand)}"${meant(error.suggestions)}`
    case "UnexpectedArgument":
      return `there is nothing to do with ${error.arguments.map((text) => `"${printable(text)}"`).join(", ")}`
    case "InvalidValue":
      if (/^\d+ occurrences$/.test(error.value)) return `--${error.option} is given more than once; give it once`
      if (error.value === "") return `--${error.option} needs a value`
      return `${error.kind === "flag" ? "--" : ""}${error.option} takes ${wanted(error.expected)}, ` +
        `not "${printable(error.value)}"`
    default:
      return printable(error.message)
  }
}

const isLetter = (error: CliError.NonShowHelpErrors) =>
  error._tag === "UnrecognizedOption" && /^-[^-]$/.test(error.option)

/** All mistakes, each in one line; what begins with a dash is one flag that there is not, not one for each letter. */
const mistakesIn = (errors: ReadonlyArray<CliError.NonShowHelpErrors>, args: ReadonlyArray<string>) => {
  const clusters = errors.some(isLetter) ? Dashes.clusters(args) : []
  const known = clusters.length === 0 ? errors : errors.filter((error) => !isLetter(error))
  const unknown = clusters.map((text) =>
    `there is no flag ${printable(text)}; where it is no flag, put -- before it, behind all flags`
  )
  return [...known.map(sentenceOf), ...unknown]
}

/** Says what is wrong with the arguments: to people on standard error, and to programs too where they asked for JSON. */
const complain = (json: boolean, command: string, mistakes: Array.NonEmptyReadonlyArray<string>) => {
  const error = new BadUsage({ command, mistakes })
  return Effect.andThen(json ? reportFailure(command, error) : Effect.void, Console.error(error.message))
}

/**
 * Help on standard output where it was asked for; mistakes on standard error, without burying them in help. With JSON
 * nothing is on standard output that was not asked for.
 */
export const presenter = (args: ReadonlyArray<string>, json: boolean): CliOutput.Presenter => ({
  present: (event) => {
    if (event._tag === "Version") return Console.log(event.version)
    const command = event.commandPath.join(" ")
    if (event._tag === "InvalidInvocation") {
      const mistakes = mistakesIn(event.errors, args)
      return Array.isArrayNonEmpty(mistakes) ? complain(json, command, mistakes) : Effect.void
    }
    if (event.reason === "Requested") return presentHelp(event)
    if (json) return complain(json, command, [`a command is missing: ${commandsIn(event.helpDoc)}`])
    return Effect.andThen(presentHelp(event), Console.error(`${command} needs a command`))
  }
})
