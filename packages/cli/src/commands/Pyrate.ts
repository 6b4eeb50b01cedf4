/** `peerage pyrate`: shares files, and finds those of others. */
import { BootstrapNode, BootstrapSession, FilePeer, Sha256 } from "@peerage/pyrate"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { createHash } from "node:crypto"
import { addressOf } from "../Addresses.ts"
import { argument, text } from "../Flags.ts"
import * as Log from "../Log.ts"
import * as Room from "../pyrate/Room.ts"
import { optional, otherwise, required } from "../Usage.ts"
import * as Values from "../Values.ts"
import * as About from "./About.ts"
import { define, fileInFolder } from "./Common.ts"
import { get, list, search } from "./PyrateClient.ts"
import { folder, legacy, listening, network, networkChecks, options } from "./PyrateOptions.ts"

const bootstrap = define(
  {
    name: "peerage pyrate bootstrap",
    about: "Be where peers that share files find each other",
    flags: {
      listen: text("listen", "HOST:PORT", "Where peers come to (default 0.0.0.0:21168; port 0 is a free one)"),
      expiry: text("expiry", "DURATION", "How long a peer is listed that is not heard of (default 10m)")
    },
    examples: {
      "peerage pyrate bootstrap": "For everybody who can reach this machine, at port 21168",
      "peerage pyrate bootstrap --listen 127.0.0.1:0 --expiry 2m":
        "For this machine only, at a free port, forgetting who was not heard of for two minutes"
    }
  },
  Effect.fnUntraced(function*({ given, invoked, name, read, screen }) {
    const { expiry, listen: { host, port = BootstrapSession.defaultPort } } = yield* read({
      listen: otherwise(given.listen, Values.local, { host: "0.0.0.0", port: undefined }),
      expiry: optional(given.expiry, Values.duration)
    })
    const config = yield* options(name, { expiry })
    const node = yield* BootstrapNode.make({ listen: `${host}:${port}`, config })
    yield* Room.bootstrap(screen, node, invoked)
  })
)

const share = define(
  {
    name: "peerage pyrate share",
    about: "Share a folder with a Pyrate network, search in it and fetch from it, compatible with pyrate",
    flags: {
      directory: argument("DIR", "The folder whose files are shared, without those in folders of its own"),
      ...network,
      keepalive: text(
        "keepalive",
        "DURATION",
        "How often the bootstrap is told that you are there (default 5m; less than half of its expiry)"
      ),
      rescan: text("rescan", "DURATION", "How often the folder is looked at again (default 1m)"),
      workers: text("workers", "N", "Commands done at once, of others and of your own (default 4)"),
      logFile: text("log-file", "FILE", "Append log lines to this file, from INFO upward"),
      legacy
    },
    examples: {
      "peerage pyrate share music --bootstrap 192.0.2.1":
        "Share the folder music with the network of the bootstrap at 192.0.2.1:21168",
      "peerage pyrate share music --bootstrap 127.0.0.1:21168 --listen 127.0.0.1:5005 --log-file pyrate.log":
        "On this machine only, at port 5005, with a log"
    }
  },
  Effect.fnUntraced(function*({ given, invoked, name, read, screen }) {
    const { advertise, bootstrap, directory, listen, logFile, ...overrides } = yield* read({
      directory: required(given.directory, yield* folder(given.directory), "the folder to share"),
      ...networkChecks(given),
      keepAlive: optional(given.keepalive, Values.duration),
      rescan: optional(given.rescan, Values.duration),
      maxWorkers: optional(given.workers, Values.whole(1)),
      logFile: optional(given.logFile, yield* fileInFolder(given.logFile))
    })
    const address = yield* addressOf(bootstrap, BootstrapSession.defaultPort)
    const config = yield* options(name, overrides)
    const log = logFile === undefined ? Log.noFile : yield* Log.toFile(logFile)
    yield* log.during(Effect.gen(function*() {
      const reached = listening(address, { listen, advertise })
      const peer = yield* FilePeer.make({ ...reached, directory, legacy: given.legacy, config })
      yield* Room.share(screen, peer, { bootstrap: address, directory, log, command: invoked })
    }))
  })
)

/** The command. */
export const pyrate = Command.make("pyrate").pipe(
  Command.withDescription(About.sentences.pyrate),
  Command.withExamples([{
    command: "peerage pyrate share FOLDER --bootstrap 192.0.2.1",
    description: "Share a folder"
  }]),
  Command.withSubcommands([bootstrap, share, list, get, search]),
  Command.provideSync(Sha256.Sha256, () => () => createHash("sha256"))
)
