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

const forBash = (command: string) => `
# bash takes --flag=value apart at the =, or not, as COMP_WORDBREAKS says. The value is completed as behind a blank.
_${command}--value()
{
  [[ "$_comp_word" == "=" ]] && _comp_word=""
  _comp_word="\${_comp_word#--*=}"
  [[ "$cur" == --*=* ]] || return
  prev="\${cur%%=*}"
  cur="\${cur#*=}"
}

_${command}--whole()
{
  local _comp_word="$2"
  _${command} "$@"
  [[ "$2" == --*=* && "$_comp_word" != "$2" ]] && COMPREPLY=("\${COMPREPLY[@]/#/"\${2%%=*}="}")
  return 0
}

complete -F _${command}--whole ${command}
`

/** Completes the value in `--flag=value` too. fish does so by itself. */
const alsoBehindEquals = (script: string, shell: "bash" | "zsh" | "fish", command: string): string => {
  if (shell === "zsh") return script.replace(/^(\s+'(?:\([^)]*\))?--[\w-]+)(?=\[.*\]:\w+:)/gm, "$1=")
  if (shell === "fish") return script
  const end = /^###-end-.*$/m
  return script
    .replaceAll("_init_completion -n \"$COMP_WORDBREAKS\" || return\n", (line) => `${line}  _${command}--value\n`)
    .replace("  local _comp_word=\"$2\"\n", "")
    .replace(end, (line) => `${forBash(command)}${line}`)
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
        Console.log(
          alsoBehindEquals(
            Completions.generate(command.name, shell, withFlags(Completions.fromCommand(command))),
            shell,
            command.name
          )
        )
    })
})
