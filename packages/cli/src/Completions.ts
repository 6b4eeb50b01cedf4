/** `--completions`: a script for a shell, which completes commands, flags, words and paths. */
import { Console, Effect, Option } from "effect"
import { type Command, Completions, Flag, GlobalFlag } from "effect/cli"
import { level } from "./Values.ts"

/** The flags of all commands, which effect/cli leaves out of its scripts. */
const everywhere: ReadonlyArray<Completions.FlagDescriptor> = [
  { name: "json", aliases: [], description: "Print events as JSON", type: { _tag: "Boolean" }, negation: false },
  {
    name: "log-level",
    aliases: [],
    description: "Write log lines from this level upward",
    type: { _tag: "Choice", values: level.metavar.split("|") }
  },
  { name: "help", aliases: ["h"], description: "Show help", type: { _tag: "Boolean" }, negation: false }
]

const withFlags = (command: Completions.CommandDescriptor): Completions.CommandDescriptor => ({
  ...command,
  flags: [...command.flags, ...everywhere],
  subcommands: command.subcommands.map(withFlags)
})

/** The names, as `--offer`, of the flags of a command and its own commands that take a value. */
export const flagsWithValues = (command: Command.Command.Any): ReadonlySet<string> => {
  const named = ({ flags, subcommands }: Completions.CommandDescriptor): ReadonlyArray<string> => [
    ...flags.filter(({ type }) => type._tag !== "Boolean").map(({ name }) => `--${name}`),
    ...subcommands.flatMap(named)
  ]
  return new Set(named(withFlags(Completions.fromCommand(command))))
}

/** `--completions SHELL`, on every command. */
export const flag = GlobalFlag.Action({
  flag: Flag.Literals("completions", ["bash", "zsh", "fish"]).pipe(
    Flag.optional,
    Flag.withMetavar("bash|zsh|fish"),
    Flag.withDescription("Print a script that completes commands, flags, words and paths in this shell")
  ),
  run: (shell, { command }) =>
    Option.match(shell, {
      onNone: () => Effect.void,
      onSome: (shell) =>
        Console.log(Completions.generate(command.name, shell, withFlags(Completions.fromCommand(command))))
    })
})
