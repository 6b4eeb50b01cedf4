/** `peerage pyile join`: joins a network and sits in its room. */
import { AuthPeer, JoinPeer, PyileConfig } from "@peerage/pyile"
import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { addressOf } from "../Addresses.ts"
import { perform, tuning } from "../before/Perform.ts"
import { argument, text, yes } from "../Flags.ts"
import * as Password from "../Password.ts"
import * as Room from "../pyile/Room.ts"
import * as Values from "../Values.ts"

const name = "peerage pyile join"

const flags = {
  host: argument("HOST[:PORT]", "The host's address or name (port 4702 if none is given)"),
  listen: text("listen", {
    metavar: "HOST[:CHAT_PORT]",
    description:
      "Your address, and the port at which you take chat (default: the address that leads to the host, a free port)"
  }),
  alias: text("alias", { metavar: "NAME", description: "The name you go by (default peer)" }),
  reconnect: yes("reconnect", "Join again whenever the session ends, with growing pauses, until a ban or /exit"),
  ...Password.flags
}

/** The command. */
export const join = Command.make("join", flags, (given) =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      if (given.host === undefined) values.mistake("HOST[:PORT] is missing: whom to join, such as 192.0.2.1:4702")
      const host = values.optional(given.host, Values.remote) ?? { host: "", port: undefined }
      const listen = values.optional(given.listen, Values.local)
      const alias = values.optional(given.alias, Values.alias)
      const known = yield* Password.given(given, values)
      const interactive = yield* Password.canAsk
      if (!Password.wasGiven(given) && !interactive) values.mistake(Password.missing)
      yield* values.done

      const address = yield* addressOf(host, AuthPeer.defaultPort)
      const config = yield* tuning(name, PyileConfig.config)
      const password = known ?? (yield* Password.ask)
      const { enter, stage } = yield* Room.open(json, "Member")
      yield* Effect.gen(function*() {
        const peer = yield* JoinPeer.make({
          host: address,
          password,
          listen: listen?.host,
          chatPort: listen?.port === 0 ? undefined : listen?.port,
          alias,
          reconnect: given.reconnect ? JoinPeer.patiently : undefined,
          config
        })
        yield* enter(peer, {
          opening: [{ _tag: "Listening", address: peer.self }, { _tag: "Connected", peer: address }],
          reconnects: given.reconnect
        })
      }).pipe(Effect.provideService(Console.Console, stage.console))
    }, Effect.scoped)
  )).pipe(
    Command.withDescription("Join a network with its password, see who is there, and chat"),
    Command.withExamples([
      {
        command: "peerage pyile join 192.0.2.1",
        description: "Join the host at 192.0.2.1:4702; the password is asked for"
      },
      {
        command: "PEERAGE_PASSWORD=secret peerage pyile join host.example:4702 --alias bob --reconnect",
        description: "Join as bob with the password from the environment, and come back after a lost connection"
      }
    ])
  )
