/** `peerage pyrate search`: asks the peers of a bootstrap, and through them theirs, who has a file. */
import { Client, Neighbourhood, PyrateConfig } from "@peerage/pyrate"
import type { PeerAddress } from "@peerage/transport"
import { Console, Duration, Effect, Stream } from "effect"
import { Command, TerminalCapabilities } from "effect/cli"
import { addressOf } from "../../Addresses.ts"
import { perform } from "../../before/Perform.ts"
import * as Style from "../../before/Style.ts"
import * as Teller from "../../before/Teller.ts"
import { argument, text } from "../../Flags.ts"
import { printable } from "../../Printable.ts"
import type { Event } from "../../pyrate/Answer.ts"
import { counted } from "../../pyrate/Happening.ts"
import { table } from "../../pyrate/Table.ts"
import { fileName } from "../../pyrate/Values.ts"
import * as Values from "../../Values.ts"
import { advertise, bootstrap, legacy, listen, listening, noBootstrap, tuned } from "./Common.ts"

const name = "peerage pyrate search"

const flags = {
  file: argument("NAME", "The whole name of the file"),
  bootstrap,
  listen,
  advertise,
  ttl: text("ttl", { metavar: "N", description: "How far the search goes, in hops from 0 to 10 (default 10)" }),
  wait: text("wait", { metavar: "DURATION", description: "How long answers are waited for (default 5s)" }),
  legacy
}

const defaultWait = Duration.seconds(5)

/** The command. */
export const search = Command.make("search", flags, (given) =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      if (given.file === undefined) values.mistake("NAME is missing: which file")
      if (given.bootstrap === undefined) values.mistake(noBootstrap)
      const file = values.optional(given.file, fileName)
      const remote = values.optional(given.bootstrap, Values.remote) ?? { host: "", port: undefined }
      const reached = {
        listen: values.optional(given.listen, Values.local),
        advertise: values.optional(given.advertise, Values.ipv4)
      }
      const ttl = values.optional(given.ttl, Values.whole(0, PyrateConfig.defaults.maxTtl))
      const wait = values.optional(given.wait, Values.duration) ?? defaultWait
      yield* values.done
      if (file === undefined) return

      const client = yield* Client.make(yield* tuned(name))
      const address = yield* addressOf(remote, Neighbourhood.defaultPort)
      const search = yield* client.search(file, {
        bootstrap: address,
        ...listening(reached, address),
        ttl,
        legacy: given.legacy
      })
      const tell = Teller.programs<Event>()
      if (json) yield* tell([{ _tag: "Listening", address: search.self }], true)
      const peers = new Set<PeerAddress.PeerAddress>()
      yield* Stream.runForEach(search.hits, (hit) => {
        if (peers.has(hit.peer)) return Effect.void
        peers.add(hit.peer)
        return json ? tell([{ _tag: "Hit", ...hit }], false) : Effect.void
      }).pipe(Effect.timeoutOption(search.peers.length === 0 ? Duration.zero : wait))

      if (json) return yield* tell([{ _tag: "Searched", name: file, peers: [...peers] }], true)
      if (peers.size > 0) {
        const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
        const rows = Array.from(peers, (peer) => [peer, printable(file)] as const)
        return yield* Console.log(table(canColor ? Style.ansi : Style.none, ["PEER", "FILE"], rows).join("\n"))
      }
      yield* Console.error(
        search.peers.length === 0
          ? `There are no peers at ${address}.`
          : `None of ${counted(search.peers.length, "peer")} at ${address}, nor theirs, said within ${
            Duration.format(wait)
          } that they have ${printable(file)}.`
      )
    }, Effect.scoped)
  )).pipe(
    Command.withDescription("Search for a file by its whole name, and print who has it"),
    Command.withExamples([
      {
        command: "peerage pyrate search song.txt --bootstrap 192.0.2.1",
        description: "Who has song.txt in the network of the bootstrap at 192.0.2.1:21168"
      },
      {
        command: "peerage pyrate search song.txt --bootstrap 192.0.2.1 --ttl 0 --wait 2s",
        description: "Among those whom the bootstrap knows only, and quickly"
      }
    ])
  )
