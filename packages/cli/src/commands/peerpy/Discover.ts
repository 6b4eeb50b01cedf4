/** `peerage peerpy discover`: asks once who is on the local network. */
import { Peer } from "@peerage/peerpy"
import { Console, Duration, Effect } from "effect"
import { Command } from "effect/cli"
import { ownAddress } from "../../before/Invitation.ts"
import { perform } from "../../before/Perform.ts"
import * as Teller from "../../before/Teller.ts"
import { text } from "../../Flags.ts"
import type { Tagged } from "../../peerpy/Answer.ts"
import * as Values from "../../Values.ts"
import { tuned } from "./Common.ts"

const name = "peerage peerpy discover"

const flags = {
  interface: text("interface", {
    metavar: "HOST",
    description: "The address of this machine to ask from (default: the first on a network)"
  }),
  wait: text("wait", {
    metavar: "DURATION",
    description: "How long answers are waited for after the latest one (default 500ms)"
  })
}

/** The command. */
export const discover = Command.make("discover", flags, (given) =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      const host = values.optional(given.interface, Values.ipv4) ?? ownAddress()
      const wait = values.optional(given.wait, Values.duration)
      yield* values.done

      const tuning = yield* tuned(name, { discoverFor: wait })
      const peer = yield* Peer.make({ listen: host, ...tuning, offer: () => Effect.succeed(false), invisible: true })
      const found = yield* peer.discover
      if (json) {
        return yield* Teller.programs<Tagged<"Found">>()(found.map((one) => ({ _tag: "Found", peer: one })), true)
      }
      if (found.length > 0) return yield* Console.log(found.join("\n"))
      // Not on standard output, where a script takes every line for a peer.
      yield* Console.error(
        `Nobody answered on the network of ${host} within ${Duration.format(tuning.config.discoverFor)}.`
      )
    }, Effect.scoped)
  )).pipe(
    Command.withDescription("Ask who is on the local network, and print their addresses, one a line"),
    Command.withExamples([
      { command: "peerage peerpy discover", description: "Ask on this machine's first network" },
      {
        command: "peerage peerpy discover --interface 192.0.2.7 --wait 2s",
        description: "Ask on another of its networks, and wait longer"
      }
    ])
  )
