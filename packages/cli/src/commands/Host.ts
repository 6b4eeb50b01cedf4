/** `peerage pyile host`: hosts a network and sits in its room. */
import { AuthPeer, BanStore, PyileConfig } from "@peerage/pyile"
import { Console, Effect, FileSystem, Layer, Path, Redacted } from "effect"
import { Command } from "effect/cli"
import * as NetAddress from "effect/net/NetAddress"
import { invoked } from "../before/Invitation.ts"
import { perform, tuning } from "../before/Perform.ts"
import type { Reading } from "../before/Usage.ts"
import { text } from "../Flags.ts"
import * as Passphrase from "../Passphrase.ts"
import * as Password from "../Password.ts"
import * as Invitation from "../pyile/Invitation.ts"
import * as Room from "../pyile/Room.ts"
import type { Given } from "../Usage.ts"
import * as Values from "../Values.ts"

const name = "peerage pyile host"

const flags = {
  listen: text("listen", {
    metavar: "HOST:PORT",
    description: "Where joiners come to (default 0.0.0.0:4702; port 0 is a free one)"
  }),
  advertise: text("advertise", {
    metavar: "HOST",
    description: "The address at which members are told to reach you (default: where each of them reached you)"
  }),
  chatPort: text("chat-port", { metavar: "N", description: "Port for chat (default: a free one)" }),
  distPort: text("dist-port", {
    metavar: "N",
    description: "Port for distributing the list of peers (default: a free one)"
  }),
  alias: text("alias", { metavar: "NAME", description: "The name you go by (default host)" }),
  attempts: text("attempts", { metavar: "N", description: "Wrong passwords from one address that ban it (default 3)" }),
  banFor: text("ban-for", {
    metavar: "DURATION",
    description: "How long such a ban lasts, as 10m or 2h (default: for ever)"
  }),
  bans: text("bans", { metavar: "FILE", description: "Keep bans in this file, beyond the end of this process" }),
  ...Password.flags
}

/** The store of bans, whose folder has to be there before anything depends on it. */
const store = Effect.fnUntraced(function*(given: Given | undefined, values: Reading) {
  if (given === undefined) return Layer.empty
  const [fs, path] = [yield* FileSystem.FileSystem, yield* Path.Path]
  const folder = path.dirname(path.resolve(given.text))
  const there = given.text !== "" && (yield* Effect.orElseSucceed(fs.exists(folder), () => false))
  if (!there) values.mistake(`${given.name} takes a file in a folder that exists, not "${given.text}"`)
  return BanStore.layerFile(given.text)
})

/** The command. */
export const host = Command.make("host", flags, (given) =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      const listen = values.optional(given.listen, Values.local) ?? { host: "0.0.0.0", port: undefined }
      const options = {
        listen: `${listen.host}:${listen.port ?? AuthPeer.defaultPort}`,
        advertise: values.optional(given.advertise, Values.ipv4),
        chatPort: values.optional(given.chatPort, Values.port),
        distPort: values.optional(given.distPort, Values.port),
        alias: values.optional(given.alias, Values.alias),
        attempts: values.optional(given.attempts, Values.whole(1)),
        banFor: values.optional(given.banFor, Values.duration)
      }
      const bans = yield* store(given.bans, values)
      const known = yield* Password.given(given, values)
      const interactive = yield* Password.canAsk
      if (!Password.wasGiven(given) && !interactive) values.mistake(Password.missing)
      yield* values.done

      const password = known ?? Redacted.make(yield* Passphrase.make)
      const config = yield* tuning(name, PyileConfig.config)
      const { enter, stage } = yield* Room.open(json, "Host")
      yield* Effect.gen(function*() {
        const peer = yield* AuthPeer.make({ ...options, password, config })
        const address = NetAddress.formatInet(peer.address)
        const shown = known === undefined ? Redacted.value(password) : undefined
        const welcome = Invitation.lines(yield* invoked, {
          address: peer.address,
          advertise: options.advertise,
          passphrase: shown
        })
        if (stage.kind === "Json" && shown !== undefined) yield* Console.error(`The passphrase is ${shown}`)
        yield* enter(peer, { opening: [{ _tag: "Listening", address }], welcome })
      }).pipe(
        Effect.provide(bans),
        Effect.provideService(Console.Console, stage.console)
      )
    }, Effect.scoped)
  )).pipe(
    Command.withDescription("Host a network: admit peers by password, watch over them, and chat"),
    Command.withExamples([
      {
        command: "peerage pyile host",
        description: "Host for everybody who can reach this machine, with a passphrase made up"
      },
      {
        command: "peerage pyile host --listen 127.0.0.1:4702 --password-file secret.txt --bans bans.json",
        description: "Host for this machine only, with a password from a file, and remember bans"
      }
    ])
  )
