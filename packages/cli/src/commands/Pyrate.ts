/** `peerage pyrate`: shares files, and finds those of others. */
import { inPyrate as inWords } from "@peerage/console/Reasons"
import { BootstrapNode, BootstrapSession, FilePeer, PyrateConfig, Sha256 } from "@peerage/pyrate"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { createHash } from "node:crypto"
import { addressOf } from "../Addresses.ts"
import * as ConsoleFlag from "../console/Flag.ts"
import { argument, examplesOf, text, yes } from "../Flags.ts"
import * as Log from "../Log.ts"
import { fileFlag, folder } from "../Paths.ts"
import * as Room from "../pyrate/Room.ts"
import * as Countdown from "../room/Countdown.ts"
import { within } from "../secure/Encryption.ts"
import * as Secure from "../secure/SecureFlags.ts"
import { required } from "../Usage.ts"
import { duration, local, whole } from "../Values.ts"
import * as About from "./About.ts"
import { define, tuned } from "./Common.ts"
import { get, list, search } from "./PyrateClient.ts"
import { legacy, minSpeed, network, reached } from "./PyrateOptions.ts"

const bootstrap = define(
  {
    name: "peerage pyrate bootstrap",
    about: "Be where peers that share files find each other",
    flags: {
      listen: text("listen", local, "Where peers come to (default 0.0.0.0:21168; port 0 is a free one)"),
      expiry: text("expiry", duration, "How long a peer is listed that is not heard of (default 10m)"),
      console: ConsoleFlag.flag,
      security: Secure.flags
    },
    examples: {
      "peerage pyrate bootstrap": "For everybody who can reach this machine, at port 21168",
      "peerage pyrate bootstrap --listen 127.0.0.1:0 --expiry 2m":
        "For this machine only, at a free port, forgetting who was not heard of for two minutes"
    }
  },
  Effect.fnUntraced(function*({ given: { security, ...given }, invoked, json, name, read, screen }) {
    const { expiry, listen, ...values } = yield* read({ ...given, ...(yield* Secure.checks(security)) })
    const config = yield* tuned(name, PyrateConfig, { expiry })
    const address = `${listen?.host ?? "0.0.0.0"}:${listen?.port ?? BootstrapSession.defaultPort}`
    const secured = yield* Secure.begin(values, { protocol: "pyrate", begins: true })
    yield* within(secured)(Effect.gen(function*() {
      const node = yield* BootstrapNode.make({ listen: address, config })
      const passphrase = yield* Secure.tellPrograms(json, secured)
      yield* Room.bootstrap(screen, node, { command: invoked, passphrase, secured })
    }))
  })
)

const share = define(
  {
    name: "peerage pyrate share",
    about: "Share a folder with a Pyrate network, search in it and fetch from it, compatible with pyrate",
    flags: {
      directory: argument("DIR", "The folder whose files are shared, without those in folders of its own").pipe(
        Argument.mapEffect(
          folder("put it into a folder of its own, and give that", (read) => required(read, "the folder to share"))
        )
      ),
      ...network,
      keepAlive: text(
        "keepalive",
        duration,
        "How often the bootstrap is told that you are there (default 5m; less than half of its expiry)"
      ),
      rescan: text("rescan", duration, "How often the folder is looked at again (default 1m)"),
      maxWorkers: text("workers", whole(1, 1_000_000), "Your own commands done at once (default 4)"),
      minBytesPerSecond: minSpeed,
      logFile: fileFlag("log-file", "pyrate.log", "Append log lines to this file, from INFO upward"),
      reconnect: yes(
        "reconnect",
        "Try again when the bootstrap cannot be reached or breaks off at the beginning, with growing pauses"
      ),
      legacy,
      console: ConsoleFlag.flag,
      security: Secure.dialing
    },
    examples: {
      "peerage pyrate share music --bootstrap 192.0.2.1":
        "Share the folder music with the network of the bootstrap at 192.0.2.1:21168",
      "peerage pyrate share music --bootstrap 127.0.0.1:21168 --listen 127.0.0.1:5005 --log-file pyrate.log":
        "On this machine only, at port 5005, with a log"
    }
  },
  Effect.fnUntraced(function*({ given: { security, ...given }, invoked, name, read, screen }) {
    const secret = yield* Secure.checks(security, { named: given.bootstrap })
    const { advertise, bootstrap, directory, legacy, listen, logFile, reconnect, ...values } = yield* read({
      ...given,
      ...secret
    })
    const address = yield* addressOf(bootstrap, BootstrapSession.defaultPort)
    const { keepAlive, maxWorkers, minBytesPerSecond, rescan } = values
    const config = yield* tuned(name, PyrateConfig, { keepAlive, maxWorkers, minBytesPerSecond, rescan })
    const secured = yield* Secure.begin(values, { protocol: "pyrate", named: address })
    const log = logFile === undefined ? Log.noFile : yield* Log.toFile(logFile)
    yield* log.during(
      within(secured)(Effect.gen(function*() {
        const at = yield* reached(address, { listen, advertise })
        const begin = FilePeer.make({ ...at, directory, legacy, config })
        const waiting = Countdown.make(screen, {
          peer: address,
          inWords,
          told: secured === undefined ? Countdown.ofBreakingOff : undefined
        })
        const peer = yield* Countdown.persisting(reconnect, begin, waiting)
        yield* Room.share(screen, peer, { bootstrap: address, directory, log, command: invoked, secured })
      }))
    )
  })
)

/** The command. */
export const command = About.begin("pyrate").pipe(
  Command.withExamples(examplesOf({ "peerage pyrate share FOLDER --bootstrap 192.0.2.1": "Share a folder" })),
  Command.withSubcommands([bootstrap, share, list, get, search]),
  Command.provideSync(Sha256.Sha256, () => () => createHash("sha256"))
)
