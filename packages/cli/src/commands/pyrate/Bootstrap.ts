/** `peerage pyrate bootstrap`: lists who has registered, to whoever asks, and sits in the room of that. */
import { BootstrapNode, Neighbourhood } from "@peerage/pyrate"
import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import * as NetAddress from "effect/net/NetAddress"
import { invoked } from "../../before/Invitation.ts"
import { perform } from "../../before/Perform.ts"
import { text } from "../../Flags.ts"
import * as Room from "../../pyrate/Room.ts"
import * as Welcome from "../../pyrate/Welcome.ts"
import * as Values from "../../Values.ts"
import { tuned } from "./Common.ts"

const name = "peerage pyrate bootstrap"

const flags = {
  listen: text("listen", {
    metavar: "HOST:PORT",
    description: "Where peers come to (default 0.0.0.0:21168; port 0 is a free one)"
  }),
  expiry: text("expiry", {
    metavar: "DURATION",
    description: "How long a peer is listed that is not heard of (default 10m)"
  })
}

/** The command. */
export const bootstrap = Command.make("bootstrap", flags, (given) =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      const { host, port } = values.optional(given.listen, Values.local) ?? { host: "0.0.0.0", port: undefined }
      const expiry = values.optional(given.expiry, Values.duration)
      yield* values.done

      const config = yield* tuned(name, { expiry })
      const command = yield* invoked
      const { enter, stage } = yield* Room.openBootstrap(json)
      yield* Effect.gen(function*() {
        const listen = `${host}:${port ?? Neighbourhood.defaultPort}`
        const node = yield* BootstrapNode.make({ listen, config })
        yield* enter(node, NetAddress.formatInet(node.address), Welcome.bootstrap(command, node.address))
      }).pipe(Effect.provideService(Console.Console, stage.console))
    }, Effect.scoped)
  )).pipe(
    Command.withDescription("Be where peers that share files find each other"),
    Command.withExamples([
      { command: "peerage pyrate bootstrap", description: "For everybody who can reach this machine, at port 21168" },
      {
        command: "peerage pyrate bootstrap --listen 127.0.0.1:0 --expiry 2m",
        description: "For this machine only, at a free port, forgetting who was not heard of for two minutes"
      }
    ])
  )
