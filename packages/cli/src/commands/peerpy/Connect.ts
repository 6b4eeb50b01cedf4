/** `peerage peerpy connect`: opens one connection and sits in its room until either end has had enough. */
import { Peer } from "@peerage/peerpy"
import { Console, Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { addressOf } from "../../Addresses.ts"
import { ownAddressTowards } from "../../before/Invitation.ts"
import { perform } from "../../before/Perform.ts"
import { argument, text, yes } from "../../Flags.ts"
import * as Room from "../../peerpy/Room.ts"
import * as Values from "../../Values.ts"
import { listening, timeout, tuned } from "./Common.ts"

const name = "peerage peerpy connect"

const flags = {
  peer: argument("HOST:PORT", "The peer's address or name, and its port"),
  type: text("type", { metavar: "json|bytes|raw", description: "What the connection carries (default json)" }),
  stream: yes("stream", "Let all payloads have the size of the first, without a header each"),
  noStrict: Flag.withoutNegation(yes("no-strict", "Let data of another type be no reason to end the connection")),
  listen: text("listen", {
    metavar: "HOST:PORT",
    description: "The address that you tell the other end (default: this machine's on its network, with a free port)"
  }),
  timeout
}

/** The command. */
export const connect = Command.make("connect", flags, (given) =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      if (given.peer === undefined) values.mistake("HOST:PORT is missing: whom to connect to, such as 192.0.2.1:20000")
      const remote = values.optional(given.peer, Values.remoteAddress) ?? { host: "", port: 0 }
      const type = values.optional(given.type, Values.oneOf("json", "bytes", "raw")) ?? "json"
      const at = values.optional(given.listen, Values.local)
      const patience = values.optional(given.timeout, Values.duration)
      yield* values.done

      const address = yield* addressOf(remote, remote.port)
      const tuning = yield* tuned(name, { timeout: patience })
      const { enter, serve, stage } = yield* Room.open({ json, role: "Connector" })
      yield* Effect.gen(function*() {
        // The room is for one: who else comes is turned away, and nobody finds it.
        const peer = yield* Peer.make({
          ...listening(at, ownAddressTowards(address)),
          ...tuning,
          offer: () => Effect.succeed(false),
          serve,
          invisible: true
        })
        yield* enter(peer, { only: { address, type, stream: given.stream, strict: !given.noStrict } })
      }).pipe(Effect.provideService(Console.Console, stage.console))
    }, Effect.scoped)
  )).pipe(
    Command.withDescription("Open a connection for JSON, bytes or Python values to a peer, and talk to it"),
    Command.withExamples([
      { command: "peerage peerpy connect 192.0.2.1:20000", description: "Talk in JSON with the peer there" },
      {
        command: "peerage peerpy connect 192.0.2.1:20000 --type raw",
        description: "Talk in Python's own values, as the original does by pickling them"
      }
    ])
  )
