/** `peerage peerpy listen`: takes connections, opens others, and sits in the room of all of them. */
import { Peer } from "@peerage/peerpy"
import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { invoked, ownAddress } from "../../before/Invitation.ts"
import { perform } from "../../before/Perform.ts"
import { text, yes } from "../../Flags.ts"
import * as Room from "../../peerpy/Room.ts"
import * as Welcome from "../../peerpy/Welcome.ts"
import * as Values from "../../Values.ts"
import { listening, timeout, tuned } from "./Common.ts"

const name = "peerage peerpy listen"

const flags = {
  listen: text("listen", {
    metavar: "HOST:PORT",
    description: "Where others connect (default: this machine's address on its network, at a free port)"
  }),
  offer: text("offer", {
    metavar: "accept|ask|deny",
    description: "What becomes of connections that others want; ask leaves it to /accept and /deny (default accept)"
  }),
  maxConnections: text("max-connections", { metavar: "N", description: "Connections at once (default 1000)" }),
  invisible: yes("invisible", "Do not answer those who look for peers; /invisible off does"),
  timeout
}

/** The command. */
export const listen = Command.make("listen", flags, (given) =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      const at = values.optional(given.listen, Values.local)
      const offer = values.optional(given.offer, Values.oneOf("accept", "ask", "deny")) ?? "accept"
      const maxConnections = values.optional(given.maxConnections, Values.whole(1))
      const patience = values.optional(given.timeout, Values.duration)
      yield* values.done

      const tuning = yield* tuned(name, { timeout: patience, maxConnections })
      const command = yield* invoked
      const { ask, enter, serve, stage } = yield* Room.open({ json, role: "Listener", asks: offer === "ask" })
      yield* Effect.gen(function*() {
        const peer = yield* Peer.make({
          ...listening(at, ownAddress()),
          ...tuning,
          offer: offer === "ask" ? ask : () => Effect.succeed(offer === "accept"),
          serve,
          invisible: given.invisible
        })
        yield* enter(peer, { welcome: Welcome.lines(command, peer.self, offer) })
      }).pipe(Effect.provideService(Console.Console, stage.console))
    }, Effect.scoped)
  )).pipe(
    Command.withDescription("Take connections for JSON, bytes or Python values from others, and talk to all of them"),
    Command.withExamples([
      {
        command: "peerage peerpy listen",
        description: "Take every connection, at this machine's address on its network"
      },
      {
        command: "peerage peerpy listen --listen 127.0.0.1:20000 --offer ask --invisible",
        description: "For this machine only, be asked about each connection, and be found by nobody"
      }
    ])
  )
