/** `peerage pyile`: hosts or joins a password-protected chat network, and sits in its room. */
import { AuthPeer, BanStore, JoinPeer, PyileConfig } from "@peerage/pyile"
import { Console, Effect, Layer, Redacted } from "effect"
import { Argument, Command } from "effect/cli"
import * as NetAddress from "effect/net/NetAddress"
import { addressOf } from "../Addresses.ts"
import { argument, examplesOf, text, yes } from "../Flags.ts"
import { keeping } from "../Passphrase.ts"
import * as Password from "../Password.ts"
import { fileFlag } from "../Paths.ts"
import { inWords } from "../pyile/Narrate.ts"
import * as Room from "../pyile/Room.ts"
import * as Countdown from "../room/Countdown.ts"
import { kind, required } from "../Usage.ts"
import { advertised, alias, duration, ipv4, ipv4s, local, port, remote, whole } from "../Values.ts"
import * as About from "./About.ts"
import { define, settings } from "./Common.ts"

const hostFlags = {
  listen: text("listen", local, "Where joiners come to (default 0.0.0.0:4702; port 0 is a free one)"),
  advertise: text(
    "advertise",
    ipv4,
    "The address at which members are told to reach you (default: where each of them reached you)"
  ),
  chatPort: text("chat-port", port, "Port for chat (default: a free one)"),
  distPort: text("dist-port", port, "Port for distributing the list of peers (default: a free one)"),
  alias: text("alias", alias, "The name you go by (default host)"),
  attempts: text("attempts", whole(1), "Wrong passwords from one address that ban it (default 3)"),
  banFor: text("ban-for", duration, "How long such a ban lasts, as 10m or 2h (default: for ever)"),
  bans: fileFlag("bans", "bans.json", "Keep bans in this file, beyond the end of this process"),
  trustClaims: yes(
    "trust-claims",
    "Believe joiners that claim another address than they come from, as behind NAT; a joiner can then claim anybody's"
  ),
  password: Password.flags
}

const host = define(
  {
    name: "peerage pyile host",
    about: "Host a network: admit peers by password, watch over them, and chat",
    flags: hostFlags,
    examples: {
      "peerage pyile host": "Host for everybody who can reach this machine, with a passphrase made up",
      "peerage pyile host --listen 127.0.0.1:4702 --password-file secret.txt --bans bans.json":
        "Host for this machine only, with a password from a file, and remember bans"
    }
  },
  Effect.fnUntraced(function*({ given: { password: flags, ...given }, invoked, json, name, read, screen }) {
    const { bans, known, listen, onePassword: _, ...options } = yield* read({
      ...given,
      ...(yield* Password.checks(flags))
    })
    const passphrase = known === undefined ? yield* Password.makePassphrase : undefined
    const password = known ?? Redacted.make(passphrase ?? "")
    const config = yield* settings(name, PyileConfig.config)
    const address = `${listen?.host ?? "0.0.0.0"}:${listen?.port ?? AuthPeer.defaultPort}`
    const store = yield* Layer.build(bans === undefined ? Layer.empty : BanStore.layerFile(bans))
    const peer = yield* AuthPeer.make({ ...options, listen: address, password, config }).pipe(
      Effect.provideContext(store)
    )
    if (json && passphrase !== undefined) yield* Console.error(`The passphrase is ${passphrase}`)
    yield* Room.run(screen, peer, {
      keep: passphrase === undefined ? undefined : yield* keeping(passphrase),
      opening: [{ _tag: "Listening", address: NetAddress.formatInet(peer.address) }],
      welcome: Room.welcomeOf(invoked, { address: peer.address, advertise: options.advertise, passphrase })
    })
  })
)

const joinFlags = {
  host: argument("HOST[:PORT]", "The host's address or name (port 4702 if none is given)").pipe(
    Argument.map(required(remote, "whom to join, such as 192.0.2.1:4702"))
  ),
  listen: text(
    "listen",
    kind("HOST[:CHAT_PORT]", local),
    "Your address, and the port at which you take chat (default: the address that leads to the host, a free port)"
  ),
  advertise: text(
    "advertise",
    kind("HOST[:PORT]", advertised),
    "The address at which others reach you, as behind NAT, where a port is forwarded to your chat port (default: that port)"
  ),
  alias: text("alias", alias, "The name you go by (default peer)"),
  distHosts: text(
    "dist-host",
    ipv4s,
    "Further addresses from which the host may have lists of peers sent to you (default: only its own)"
  ),
  rejoin: yes(
    "reconnect",
    "Try again when joining fails or the session ends, with growing pauses, until a ban or /exit"
  ),
  password: Password.flags
}

const join = define(
  {
    name: "peerage pyile join",
    about: "Join a network with its password, see who is there, and chat",
    flags: joinFlags,
    examples: {
      "peerage pyile join 192.0.2.1": "Join the host at 192.0.2.1:4702; the password is asked for",
      "PEERAGE_PASSWORD=secret peerage pyile join host.example:4702 --alias bob --reconnect":
        "Join as bob with the password from the environment, and come back after a lost connection"
    }
  },
  Effect.fnUntraced(function*({ given: { password: flags, ...given }, name, read, screen }) {
    const { advertise, alias, distHosts, host, known, listen, rejoin } = yield* read({
      ...given,
      ...(yield* Password.checks(flags))
    })
    const address = yield* addressOf(host, AuthPeer.defaultPort)
    const config = yield* settings(name, PyileConfig.config)
    const password = known ?? (yield* Password.ask)
    const begin = rejoin ? JoinPeer.persistently : JoinPeer.make
    const peer = yield* begin({
      host: address,
      password,
      listen: listen?.host,
      chatPort: listen?.port === 0 ? undefined : listen?.port,
      advertise,
      alias,
      distHosts,
      rejoin: rejoin ? JoinPeer.patiently : undefined,
      waiting: Countdown.make(screen, { peer: address, inWords }),
      config
    })
    yield* Room.run(screen, peer, {
      opening: [{ _tag: "Listening", address: peer.self }, { _tag: "Connected", peer: address }],
      reconnects: rejoin
    })
  })
)

/** The command. */
export const command = About.begin("pyile").pipe(
  Command.withExamples(examplesOf({ "peerage pyile host": "Host a network" })),
  Command.withSubcommands([host, join])
)
