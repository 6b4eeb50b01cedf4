/** `peerage peerpy`: typed connections, and peers on the local network. */
import { Discovery, Peer, PeerPyConfig } from "@peerage/peerpy"
import { Config, Duration, Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { addressOf, everywhere, listening, ownAddressTowards } from "../Addresses.ts"
import * as ConsoleFlag from "../console/Flag.ts"
import { examplesOf, text, yes } from "../Flags.ts"
import type { Event } from "../peerpy/Narrate.ts"
import * as Room from "../peerpy/Room.ts"
import type { WithTag } from "../room/Command.ts"
import * as Reporter from "../room/Reporter.ts"
import { within } from "../secure/Encryption.ts"
import * as Secure from "../secure/SecureFlags.ts"
import { duration, ipv4, local, oneOf, whole } from "../Values.ts"
import * as About from "./About.ts"
import { define, type Overrides, peerArgument, print, settings, tuned } from "./Common.ts"

const timeout = text(
  "timeout",
  duration,
  "How long an answer is waited for, and after which silence a connection is probed (default 2s)"
)

const security = {
  plainDiscovery: yes(
    "plain-discovery",
    "Find others on the local network, and be found: that is never encrypted, and shows who listens at which port"
  )
}

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
    discoveryPort: yield* settings(command, discoveryPort),
    // The process ends with the command.
    waitForOriginals: true
  }
})

const listen = define(
  {
    name: "peerage peerpy listen",
    about: "Take connections for JSON, bytes or Python values from others, and talk to all of them",
    flags: {
      listen: text(
        "listen",
        local,
        "Where others connect (default: every address of this machine, at a free port)"
      ),
      offer: text(
        "offer",
        oneOf("accept", "ask", "deny"),
        "What becomes of connections that others want; ask leaves it to /accept and /deny (default accept)"
      ),
      maxConnections: text("max-connections", whole(1, 1_000_000), "Connections at once (default 1000)"),
      invisible: yes("invisible", "Do not answer those who look for peers; /invisible off does"),
      timeout,
      console: ConsoleFlag.flag,
      security: { ...Secure.flags, ...security }
    },
    examples: {
      "peerage peerpy listen": "Take every connection, at every address of this machine",
      "peerage peerpy listen --listen 127.0.0.1:20000 --offer ask --invisible":
        "For this machine only, be asked about each connection, and be found by nobody"
    }
  },
  Effect.fnUntraced(function*({ given: { security, ...given }, invoked, json, name, read, screen }) {
    const { invisible, listen, maxConnections, offer: policy = "accept", timeout, ...values } = yield* read({
      ...given,
      ...(yield* Secure.checks(security))
    })
    const numbers = yield* options(name, { maxConnections, timeout })
    const secured = yield* Secure.begin(values, { protocol: "peerpy", begins: true })
    const { run, ...serving } = yield* Room.make(screen, policy)
    yield* within(secured)(Effect.gen(function*() {
      const peer = yield* Peer.make({
        listen: listening(listen ?? everywhere),
        ...numbers,
        ...serving,
        invisible: invisible || (secured !== undefined && !values.plainDiscovery)
      })
      const passphrase = yield* Secure.tellPrograms(json, secured)
      yield* run(peer, {
        invite: Room.inviteOf(invoked, peer, { passphrase, policy, secured }),
        welcome: Room.welcomeOf(invoked, peer, { passphrase, policy, secured })
      })
    }))
  })
)

const connect = define(
  {
    name: "peerage peerpy connect",
    about: "Open a connection for JSON, bytes or Python values to a peer, and talk to it",
    flags: {
      peer: peerArgument("peerpy", "whom to connect to, such as 192.0.2.1:20000"),
      type: text("type", oneOf("json", "bytes", "raw"), "What the connection carries (default json)"),
      stream: yes("stream", "Let all payloads have the size of the first, without a header each"),
      noStrict: Flag.withoutNegation(yes("no-strict", "Let data of another type be no reason to end the connection")),
      listen: text(
        "listen",
        local,
        "The address that you tell the other end (default: the one that leads there, with a free port)"
      ),
      timeout,
      console: ConsoleFlag.flag,
      security: { ...Secure.dialing, ...security }
    },
    examples: {
      "peerage peerpy connect 192.0.2.1:20000": "Talk in JSON with the peer there",
      "peerage peerpy connect 192.0.2.1:20000 --type raw":
        "Talk in Python's own values, as the original does by pickling them"
    }
  },
  Effect.fnUntraced(function*({ given: { security, ...given }, name, read, screen }) {
    const secret = yield* Secure.checks(security, { named: given.peer })
    const { listen, noStrict, peer: remote, stream, timeout, type = "json", ...values } = yield* read({
      ...given,
      ...secret
    })
    const address = yield* addressOf(remote, remote.port)
    const numbers = yield* options(name, { timeout })
    const secured = yield* Secure.begin(values, { protocol: "peerpy", named: address })
    // The room has a single connection: any other peer is turned away, and discovery does not find it.
    const { run, ...serving } = yield* Room.make(screen, "deny")
    yield* within(secured)(Effect.gen(function*() {
      const peer = yield* Peer.make({
        listen: listening(listen ?? { host: yield* ownAddressTowards(address) }),
        ...numbers,
        ...serving,
        invisible: true
      })
      yield* run(peer, { only: { address, type, stream, strict: !noStrict } })
    }))
  })
)

const discover = define(
  {
    name: "peerage peerpy discover",
    unfinished: "not all had time to answer. --wait makes it shorter",
    about: "Ask who is on the local network, and print their addresses, one a line",
    flags: {
      interface: text("interface", ipv4, "The address of this machine to ask from (default: all of its networks)"),
      wait: text("wait", duration, "How long answers are waited for after the latest one (default 500ms)")
    },
    examples: {
      "peerage peerpy discover": "Ask on all networks of this machine",
      "peerage peerpy discover --interface 192.0.2.7 --wait 2s": "Ask on one of its networks only, and wait longer"
    }
  },
  Effect.fnUntraced(function*({ given, json, name, read }) {
    const { interface: host, wait } = yield* read(given)
    const numbers = yield* options(name, { discoverFor: wait })
    const peer = yield* Peer.make({
      listen: listening(host === undefined ? everywhere : { host }),
      ...numbers,
      offer: () => Effect.succeed(false),
      invisible: true
    })
    const found = yield* peer.discover
    if (json) return yield* Reporter.programs<WithTag<Event, "Found">>(found.map((peer) => ({ _tag: "Found", peer })))
    const within = Duration.format(numbers.config.discoverFor)
    const network = host === undefined ? "any network of this machine" : `the network of ${host}`
    yield* print(found, `Nobody answered on ${network} within ${within}.`)
  })
)

/** The command. */
export const command = About.begin("peerpy").pipe(
  Command.withExamples(examplesOf({ "peerage peerpy listen": "Take connections" })),
  Command.withSubcommands([listen, connect, discover])
)
