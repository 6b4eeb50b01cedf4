/** The whole command, from its arguments to its exit code: one for each protocol, and the demo. */
import { Cause, Console, Effect, Layer } from "effect"
import { CliConfig, CliOutput, Command, GlobalFlag, TerminalCapabilities } from "effect/cli"
import { chat } from "./commands/Chat.ts"
import { demo } from "./commands/Demo.ts"
import { host } from "./commands/Host.ts"
import { join } from "./commands/Join.ts"
import { connect } from "./commands/peerpy/Connect.ts"
import { discover } from "./commands/peerpy/Discover.ts"
import { listen } from "./commands/peerpy/Listen.ts"
import { bootstrap } from "./commands/pyrate/Bootstrap.ts"
import { get } from "./commands/pyrate/Get.ts"
import { list } from "./commands/pyrate/List.ts"
import { search } from "./commands/pyrate/Search.ts"
import { share } from "./commands/pyrate/Share.ts"
import * as Exit from "./Exit.ts"
import { Json, LogLevel } from "./Flags.ts"
import * as Log from "./Log.ts"
import { presenter } from "./Usage.ts"
import { version } from "./Version.ts"

const pyile = Command.make("pyile").pipe(
  Command.withDescription("Password-protected chat networks, compatible with pyile-protocol 0.1"),
  Command.withExamples([{ command: "peerage pyile host", description: "Host a network" }]),
  Command.withSubcommands([host, join])
)

const peerpy = Command.make("peerpy").pipe(
  Command.withDescription("Typed connections and peers on the local network, compatible with peerpy 1.2"),
  Command.withExamples([{ command: "peerage peerpy listen", description: "Take connections" }]),
  Command.withSubcommands([listen, connect, discover])
)

const pyrate = Command.make("pyrate").pipe(
  Command.withDescription("File sharing by a bootstrap, search and download, compatible with pyrate"),
  Command.withExamples([{
    command: "peerage pyrate share FOLDER --bootstrap 192.0.2.1",
    description: "Share a folder"
  }]),
  Command.withSubcommands([bootstrap, share, list, get, search])
)

const peerage = Command.make("peerage").pipe(
  Command.withDescription("Host, join and watch peer-to-peer networks from a terminal"),
  Command.withExamples([
    { command: "peerage demo", description: "See everything once" },
    { command: "peerage pyile host", description: "Host a network, with a passphrase made up" },
    { command: "peerage chat 0.0.0.0:5000", description: "Begin a chat network that needs no host" },
    { command: "peerage peerpy discover", description: "See which peers are on the local network" },
    { command: "peerage pyrate bootstrap", description: "Be where peers that share files find each other" }
  ]),
  Command.withSubcommands([demo, pyile, chat, peerpy, pyrate]),
  Command.withGlobalFlags([Json, LogLevel])
)

const surroundings = Layer.mergeAll(
  TerminalCapabilities.layer,
  CliOutput.layerPresenter(presenter),
  // Its own --log-level takes other words, and there is nothing to be a wizard for.
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
  Log.layer("Warn")
)

/** Runs the command with its arguments, says what went wrong, and gives the exit code. */
export const run = (args: ReadonlyArray<string>) =>
  Command.runWith(peerage, { version })(args).pipe(
    Effect.as(Exit.code.done),
    Effect.catchCause((cause) => {
      const sentence = Cause.hasInterruptsOnly(cause) ? undefined : Exit.sentenceOf(Cause.squash(cause))
      const code = Exit.codeOf(cause)
      return Effect.as(sentence === undefined ? Effect.void : Console.error(sentence), code)
    }),
    Effect.provide(surroundings)
  )
