/** `peerage peerpy`: typed connections, and peers on the local network. */
import { Discovery, Peer, PeerPyConfig } from "@peerage/peerpy"
import { Config, Console, Duration, Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import * as NetAddress from "effect/net/NetAddress"
import { addressOf, ownAddress, ownAddressTowards } from "../Addresses.ts"
import { argument, text, yes } from "../Flags.ts"
import type { Event } from "../peerpy/Narrate.ts"
import * as Room from "../peerpy/Room.ts"
import type { WithTag } from "../room/Command.ts"
import * as Reporter from "../room/Reporter.ts"
import { optional, otherwise, required } from "../Usage.ts"
import * as Values from "../Values.ts"
import * as About from "./About.ts"
import { define, type Overrides, settings, tuned } from "./Common.ts"

const timeoutFlag = text(
  "timeout",
  "DURATION",
  "How long an answer is waited for, and after which silence a connection is probed (default 2s)"
)

const Port = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))

/** UDP port of the discovery; peers find one another where they have the same. */
const discoveryPort = Config.schema(Port, "DISCOVERY_PORT").pipe(
  Config.withDefault(Discovery.defaultPort),
  Config.nested("PEERPY")
)

/** The numbers from the environment, with those of flags in their place. */
const options = Effect.fnUntraced(function*(command: string, overrides: Overrides<PeerPyConfig.PeerPyConfig>) {
  return {
    config: yield* tuned(command, PeerPyConfig, overrides),
    discoveryPort: yield* settings(command, discoveryPort)
  }
})

/** Where a peer listens, and its address for others: for one that listens everywhere, this machine's. */
const listening = (
  { host, port = 0 }: Values.Endpoint
): Pick<Peer.PeerOptions, "listen" | "advertise" | "waitForOriginals"> => ({
  listen: `${host}:${port}`,
  advertise: host === NetAddress.formatIp(NetAddress.ipv4Unspecified) ? ownAddress() : undefined,
  // The process ends with the command.
  waitForOriginals: true
})

const listen = define(
  {
    name: "peerage peerpy listen",
    about: "Take connections for JSON, bytes or Python values from others, and talk to all of them",
    flags: {
      listen: text(
        "listen",
        "HOST:PORT",
        "Where others connect (default: this machine's address on its network, at a free port)"
      ),
      offer: text(
        "offer",
        "accept|ask|deny",
        "What becomes of connections that others want; ask leaves it to /accept and /deny (default accept)"
      ),
      maxConnections: text("max-connections", "N", "Connections at once (default 1000)"),
      invisible: yes("invisible", "Do not answer those who look for peers; /invisible off does"),
      timeout: timeoutFlag
    },
    examples: {
      "peerage peerpy listen": "Take every connection, at this machine's address on its network",
      "peerage peerpy listen --listen 127.0.0.1:20000 --offer ask --invisible":
        "For this machine only, be asked about each connection, and be found by nobody"
    }
  },
  Effect.fnUntraced(function*({ given, invoked, name, read, screen }) {
    const { at, policy, ...overrides } = yield* read({
      at: optional(given.listen, Values.local),
      policy: otherwise(given.offer, Values.oneOf("accept", "ask", "deny"), "accept"),
      maxConnections: optional(given.maxConnections, Values.whole(1)),
      timeout: optional(given.timeout, Values.duration)
    })
    const numbers = yield* options(name, overrides)
    const { run, ...serving } = yield* Room.make(screen, policy)
    const peer = yield* Peer.make({
      ...listening(at ?? { host: ownAddress(), port: undefined }),
      ...numbers,
      ...serving,
      invisible: given.invisible
    })
    yield* run(peer, { welcome: Room.welcomeOf(invoked, peer.self, policy) })
  })
)

const connect = define(
  {
    name: "peerage peerpy connect",
    about: "Open a connection for JSON, bytes or Python values to a peer, and talk to it",
    flags: {
      peer: argument("HOST:PORT", "The peer's address or name, and its port"),
      type: text("type", "json|bytes|raw", "What the connection carries (default json)"),
      stream: yes("stream", "Let all payloads have the size of the first, without a header each"),
      noStrict: Flag.withoutNegation(yes("no-strict", "Let data of another type be no reason to end the connection")),
      listen: text(
        "listen",
        "HOST:PORT",
        "The address that you tell the other end (default: this machine's on its network, with a free port)"
      ),
      timeout: timeoutFlag
    },
    examples: {
      "peerage peerpy connect 192.0.2.1:20000": "Talk in JSON with the peer there",
      "peerage peerpy connect 192.0.2.1:20000 --type raw":
        "Talk in Python's own values, as the original does by pickling them"
    }
  },
  Effect.fnUntraced(function*({ given, name, read, screen }) {
    const { at, remote, timeout, type } = yield* read({
      remote: required(given.peer, Values.remoteAddress, "whom to connect to, such as 192.0.2.1:20000"),
      type: otherwise(given.type, Values.oneOf("json", "bytes", "raw"), "json"),
      at: optional(given.listen, Values.local),
      timeout: optional(given.timeout, Values.duration)
    })
    const address = yield* addressOf(remote, remote.port)
    const numbers = yield* options(name, { timeout })
    // The room has a single connection: any other peer is turned away, and discovery does not find it.
    const { run, ...serving } = yield* Room.make(screen, "deny")
    const peer = yield* Peer.make({
      ...listening(at ?? { host: ownAddressTowards(address), port: undefined }),
      ...numbers,
      ...serving,
      invisible: true
    })
    yield* run(peer, { only: { address, type, stream: given.stream, strict: !given.noStrict } })
  })
)

const discover = define(
  {
    name: "peerage peerpy discover",
    about: "Ask who is on the local network, and print their addresses, one a line",
    flags: {
      interface: text("interface", "HOST", "The address of this machine to ask from (default: the first on a network)"),
      wait: text("wait", "DURATION", "How long answers are waited for after the latest one (default 500ms)")
    },
    examples: {
      "peerage peerpy discover": "Ask on this machine's first network",
      "peerage peerpy discover --interface 192.0.2.7 --wait 2s": "Ask on another of its networks, and wait longer"
    }
  },
  Effect.fnUntraced(function*({ given, json, name, read }) {
    const { host = ownAddress(), wait } = yield* read({
      host: optional(given.interface, Values.ipv4),
      wait: optional(given.wait, Values.duration)
    })
    const numbers = yield* options(name, { discoverFor: wait })
    const peer = yield* Peer.make({ listen: host, ...numbers, offer: () => Effect.succeed(false), invisible: true })
    const found = yield* peer.discover
    if (json) return yield* Reporter.programs<WithTag<Event, "Found">>(found.map((peer) => ({ _tag: "Found", peer })))
    if (found.length > 0) return yield* Console.log(found.join("\n"))
    // Not on standard output, where a script takes every line for a peer.
    yield* Console.error(
      `Nobody answered on the network of ${host} within ${Duration.format(numbers.config.discoverFor)}.`
    )
  })
)

/** The command. */
export const peerpy = Command.make("peerpy").pipe(
  Command.withDescription(About.sentences.peerpy),
  Command.withExamples([{ command: "peerage peerpy listen", description: "Take connections" }]),
  Command.withSubcommands([listen, connect, discover])
)
