/** `peerage pyrate share`: shares a folder, finds and fetches what others share, and sits in the room of that. */
import { FilePeer, Neighbourhood } from "@peerage/pyrate"
import { Console, Effect, SubscriptionRef } from "effect"
import { Command } from "effect/cli"
import { addressOf } from "../../Addresses.ts"
import { invoked } from "../../before/Invitation.ts"
import { perform } from "../../before/Perform.ts"
import { argument, text } from "../../Flags.ts"
import * as LogFile from "../../pyrate/LogFile.ts"
import * as Room from "../../pyrate/Room.ts"
import * as Welcome from "../../pyrate/Welcome.ts"
import * as Values from "../../Values.ts"
import { advertise, bootstrap, fileIn, folder, legacy, listen, listening, noBootstrap, tuned } from "./Common.ts"

const name = "peerage pyrate share"

const flags = {
  directory: argument("DIR", "The folder whose files are shared, without those in folders of its own"),
  bootstrap,
  listen,
  advertise,
  keepalive: text("keepalive", {
    metavar: "DURATION",
    description: "How often the bootstrap is told that you are there (default 5m; less than half of its expiry)"
  }),
  rescan: text("rescan", { metavar: "DURATION", description: "How often the folder is looked at again (default 1m)" }),
  workers: text("workers", {
    metavar: "N",
    description: "Commands done at once, of others and of your own (default 4)"
  }),
  logFile: text("log-file", { metavar: "FILE", description: "Append log lines to this file, from INFO upward" }),
  legacy
}

/** The command. */
export const share = Command.make("share", flags, (given) =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      if (given.directory === undefined) values.mistake("DIR is missing: the folder to share")
      if (given.bootstrap === undefined) values.mistake(noBootstrap)
      const directory = (yield* folder(given.directory, values)) ?? ""
      const remote = values.optional(given.bootstrap, Values.remote) ?? { host: "", port: undefined }
      const reached = {
        listen: values.optional(given.listen, Values.local),
        advertise: values.optional(given.advertise, Values.ipv4)
      }
      const numbers = {
        keepAlive: values.optional(given.keepalive, Values.duration),
        rescan: values.optional(given.rescan, Values.duration),
        maxWorkers: values.optional(given.workers, Values.whole(1))
      }
      const logFile = yield* fileIn(given.logFile, values)
      yield* values.done

      const address = yield* addressOf(remote, Neighbourhood.defaultPort)
      const config = yield* tuned(name, numbers)
      const command = yield* invoked
      const log = logFile === undefined ? LogFile.none : yield* LogFile.make(logFile)
      const { enter, stage } = yield* Room.openSharer(json, log)
      yield* log.during(Effect.gen(function*() {
        const peer = yield* FilePeer.make({
          bootstrap: address,
          ...listening(reached, address),
          directory,
          legacy: given.legacy,
          config
        })
        const files = (yield* SubscriptionRef.get(peer.files)).length
        yield* enter(peer, {
          bootstrap: address,
          welcome: Welcome.sharer(command, { self: peer.self, directory, files })
        })
      })).pipe(Effect.provideService(Console.Console, stage.console))
    }, Effect.scoped)
  )).pipe(
    Command.withDescription(
      "Share a folder with a Pyrate network, search in it and fetch from it, compatible with pyrate"
    ),
    Command.withExamples([
      {
        command: "peerage pyrate share music --bootstrap 192.0.2.1",
        description: "Share the folder music with the network of the bootstrap at 192.0.2.1:21168"
      },
      {
        command: "peerage pyrate share music --bootstrap 127.0.0.1:21168 --listen 127.0.0.1:5005 --log-file pyrate.log",
        description: "On this machine only, at port 5005, with a log"
      }
    ])
  )
