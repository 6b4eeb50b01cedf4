/**
 * The whole command, from its arguments to its exit code: one for each protocol, and the demo. What an argument names is
 * loaded, the rest is only told of: a protocol and its room take longer to load than the help of all takes to print.
 */
import { Cause, Console, Effect, Layer } from "effect"
import { CliConfig, CliOutput, Command, GlobalFlag, TerminalCapabilities } from "effect/cli"
import * as About from "./commands/About.ts"
import * as Exit from "./Exit.ts"
import { Json, LogLevel } from "./Flags.ts"
import * as Log from "./Log.ts"
import { presenter } from "./Usage.ts"
import { version } from "./Version.ts"

/** Whether a command is needed: somewhere its name is, or the completions of all are asked for. */
const wanted = (args: ReadonlyArray<string>) => (name: string): boolean =>
  args.some((arg) => arg === name || arg.startsWith("--completions"))

/** What stands in the help for a command that is not loaded. */
const stub = <const Name extends keyof typeof About.sentences>(name: Name) =>
  Command.make(name).pipe(Command.withDescription(About.sentences[name]))

const load = Effect.fnUntraced(function*(args: ReadonlyArray<string>) {
  const isWanted = wanted(args)
  const demo = isWanted("demo")
    ? (yield* Effect.promise(() => import("./commands/Demo.ts"))).demo
    : stub("demo")
  const pyile = isWanted("pyile")
    ? (yield* Effect.promise(() => import("./commands/Pyile.ts"))).pyile
    : stub("pyile")
  const chat = isWanted("chat")
    ? (yield* Effect.promise(() => import("./commands/Chat.ts"))).chat
    : stub("chat")
  const peerpy = isWanted("peerpy")
    ? (yield* Effect.promise(() => import("./commands/PeerPy.ts"))).peerpy
    : stub("peerpy")
  const pyrate = isWanted("pyrate")
    ? (yield* Effect.promise(() => import("./commands/Pyrate.ts"))).pyrate
    : stub("pyrate")
  return Command.make("peerage").pipe(
    Command.withDescription("Host, join and watch peer-to-peer networks from a terminal"),
    Command.withExamples(About.examples),
    Command.withSubcommands([demo, pyile, chat, peerpy, pyrate]),
    Command.withGlobalFlags([Json, LogLevel])
  )
})

const surroundings = Layer.mergeAll(
  TerminalCapabilities.layer,
  CliOutput.layerPresenter(presenter),
  // Its own --log-level takes other words, and there is nothing to be a wizard for.
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
  Log.layer("Warn")
)

/** Runs the command with its arguments, says what went wrong, and gives the exit code. */
export const run = (args: ReadonlyArray<string>) =>
  load(args).pipe(
    Effect.flatMap((peerage) => Command.runWith(peerage, { version })(args)),
    Effect.as(Exit.code.done),
    Effect.catchCause((cause) => {
      const sentence = Cause.hasInterruptsOnly(cause) ? undefined : Exit.sentenceOf(Cause.squash(cause))
      const code = Exit.codeOf(cause)
      return Effect.as(sentence === undefined ? Effect.void : Console.error(sentence), code)
    }),
    Effect.provide(surroundings)
  )
