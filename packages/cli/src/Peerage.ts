/**
 * The whole command, from its arguments to its exit code: one for each protocol, and the demo. It loads the commands that
 * the arguments name and no others, as a protocol and its room take longer to load than the help takes to print.
 */
import { Cause, Console, Effect, Layer, Schema } from "effect"
import { CliConfig, CliOutput, Command, GlobalFlag, TerminalCapabilities } from "effect/cli"
import { createRequire } from "node:module"
import * as AsJson from "./AsJson.ts"
import * as About from "./commands/About.ts"
import * as Completions from "./Completions.ts"
import * as ConsoleFlag from "./console/Flag.ts"
import * as Dashes from "./Dashes.ts"
import * as Exit from "./Exit.ts"
import { examplesOf, Json, LogLevel } from "./Flags.ts"
import * as FreePort from "./FreePort.ts"
import { invoked } from "./Invoked.ts"
import * as Log from "./Log.ts"
import { presenter } from "./Presenter.ts"

/** Loads the commands that the arguments name; all of them for completions. */
const load = Effect.fnUntraced(function*(args: ReadonlyArray<string>) {
  const loaded = <Command>(name: keyof typeof About.sentences, load: () => Promise<Command>) =>
    args.some((arg) => arg === name || arg.startsWith("--completions"))
      ? Effect.promise(load)
      : Effect.succeed(About.begin(name))
  return Command.make("peerage").pipe(
    Command.withDescription("Host, join and watch peer-to-peer networks from a terminal"),
    Command.withExamples(examplesOf(About.examples)),
    Command.withSubcommands([
      yield* loaded("host", () => import("./commands/Friends.ts").then((commands) => commands.host)),
      yield* loaded("join", () => import("./commands/Friends.ts").then((commands) => commands.join)),
      yield* loaded("key", () => import("./commands/Key.ts").then((commands) => commands.command)),
      yield* loaded("demo", () => import("./commands/Demo.ts").then((commands) => commands.command)),
      yield* loaded("simulate", () => import("./commands/Simulate.ts").then((commands) => commands.command)),
      yield* loaded("pyile", () => import("./commands/Pyile.ts").then((commands) => commands.command)),
      yield* loaded("chat", () => import("./commands/Chat.ts").then((commands) => commands.command)),
      yield* loaded("peerpy", () => import("./commands/PeerPy.ts").then((commands) => commands.command)),
      yield* loaded("pyrate", () => import("./commands/Pyrate.ts").then((commands) => commands.command))
    ]),
    Command.withGlobalFlags([Completions.flag, Json, LogLevel])
  )
})

/** The version of this package, as its package.json says. */
const { version } = Schema.decodeUnknownSync(Schema.Struct({ version: Schema.String }))(
  createRequire(import.meta.url)("../package.json")
)

const services = (args: ReadonlyArray<string>) =>
  Layer.mergeAll(
    TerminalCapabilities.layer,
    Layer.unwrap(Effect.map(AsJson.isAsked(args), (json) => CliOutput.layerPresenter(presenter(args, json)))),
    // Without effect/cli's own --log-level, which takes other words, and without its wizard.
    CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version] }),
    Log.layer("Warn")
  )

/** Says on standard error what went wrong, with the command that does better where that is known. */
const explain = Effect.fnUntraced(function*(cause: Cause.Cause<unknown>, args: ReadonlyArray<string>) {
  const error = Cause.squash(cause)
  const sentence = Cause.hasInterruptsOnly(cause) ? undefined : Exit.sentenceOf(error)
  if (sentence === undefined) return
  const taken = FreePort.takenIn(error)
  const better = taken && `At a free port: ${yield* invoked} ${FreePort.instead(args, taken)}`
  yield* Console.error(better === undefined ? sentence : `${sentence}\n${better}`)
})

/** Runs the command with its arguments, says what went wrong, and gives the exit code. */
export const run = (args: ReadonlyArray<string>) =>
  load(args).pipe(
    Effect.flatMap((peerage) => {
      const withValue = Completions.flagsWithValues(peerage)
      return Command.runWith(peerage, { version })(
        Dashes.join(ConsoleFlag.withPort(args), (flag) => withValue.has(flag))
      )
    }),
    Effect.as(Exit.code.done),
    Effect.catchCause((cause) => Effect.as(explain(cause, args), Exit.codeOf(cause))),
    Effect.provide(services(args))
  )
