/** The Pyrate commands without a room: each asks once, prints the answer, and registers nowhere. */
import { printable } from "@peerage/console/Printable"
import { size } from "@peerage/console/Transfer"
import { BootstrapSession, Client, PyrateConfig } from "@peerage/pyrate"
import type { PeerAddress } from "@peerage/transport"
import { Console, Duration, Effect, Fiber, Stream } from "effect"
import { Flag, TerminalCapabilities } from "effect/cli"
import { addressOf, peerAddressOf } from "../Addresses.ts"
import { given, text, yes } from "../Flags.ts"
import { folder } from "../Paths.ts"
import * as Bars from "../pyrate/Bars.ts"
import type { Event } from "../pyrate/Narrate.ts"
import * as Reporter from "../room/Reporter.ts"
import { writeAhead } from "../room/Screen.ts"
import { counted, table } from "../room/Style.ts"
import { within } from "../secure/Encryption.ts"
import * as Secure from "../secure/SecureFlags.ts"
import { optional } from "../Usage.ts"
import { duration, whole } from "../Values.ts"
import { define, peerArgument, print, tuned } from "./Common.ts"
import { fileArgument, legacy, minSpeed, network, reached } from "./PyrateOptions.ts"

const report = Reporter.programs<Event>

/** Makes something that keeps the transport of its making: the encrypted one where the flags ask for it. */
const connected = <A, E, R>(values: Secure.Values, named: string, make: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Secure.begin(values, { protocol: "pyrate", named }), (secured) => within(secured)(make))

/** `peerage pyrate list`. */
export const list = define(
  {
    name: "peerage pyrate list",
    unfinished: "the list had not come. The same command asks again",
    about: "Print the names of a peer's files, one a line; an original does not survive the question",
    flags: { address: peerArgument("pyrate", "whose files, such as 192.0.2.2:5005"), security: Secure.dialing },
    examples: { "peerage pyrate list 192.0.2.2:5005": "What the peer there shares" }
  },
  Effect.fnUntraced(function*({ given: { security, ...given }, json, name, read }) {
    const secret = yield* Secure.checks(security, { named: given.address })
    const { address, ...values } = yield* read({ ...given, ...secret })
    const config = yield* tuned(name, PyrateConfig)
    const peer = yield* peerAddressOf(address)
    const client = yield* connected(values, peer, Client.make(config))
    if (json) return yield* report([{ _tag: "Files", peer, files: yield* client.list(peer) }])
    let sharesNothing = true
    yield* Stream.runForEachArray(client.listing(peer), (names) => {
      sharesNothing = false
      return writeAhead(names)
    })
    if (sharesNothing) yield* print([], `${peer} shares nothing; if it is a bootstrap, ask one of its peers.`)
  })
)

/** `peerage pyrate get`. */
export const get = define(
  {
    name: "peerage pyrate get",
    unfinished: "nothing was saved. The same command fetches the file from its beginning",
    about: "Fetch a file from a peer; it is there as a whole or not at all",
    flags: {
      address: peerArgument("pyrate", "from whom, such as 192.0.2.2:5005"),
      file: fileArgument("The name of the file"),
      to: given("to", "DIR", "The folder to save it in (default: the current one)").pipe(
        Flag.mapEffect(folder("give the folder to save in", optional))
      ),
      replace: yes("replace", "Replace a file of that name"),
      minBytesPerSecond: minSpeed,
      security: Secure.dialing
    },
    examples: {
      "peerage pyrate get 192.0.2.2:5005 song.txt": "Fetch song.txt into the current folder",
      "peerage pyrate get 192.0.2.2:5005 \"our song.txt\" --to music --replace":
        "Fetch it into the folder music, in place of the one that is there"
    }
  },
  Effect.fnUntraced(function*({ given: { security, ...given }, json, name, read, screen }) {
    const secret = yield* Secure.checks(security, { named: given.address })
    const { address, file, minBytesPerSecond, replace, to = ".", ...values } = yield* read({ ...given, ...secret })
    const config = yield* tuned(name, PyrateConfig, { minBytesPerSecond })
    const peer = yield* peerAddressOf(address)
    const client = yield* connected(values, peer, Client.make(config))
    const { canAnimate } = yield* TerminalCapabilities.TerminalCapabilities
    // In one line at a terminal, nowhere else.
    const bars = Bars.make({ style: screen.style, status: canAnimate && !json ? Bars.oneLine() : undefined })
    const progress = Stream.runForEach(
      client.events,
      (event) => event._tag !== "Progress" ? Effect.void : json ? report([event]) : bars.advance(event)
    )
    const reporting = yield* Effect.forkScoped(progress, { startImmediately: true })
    const saved = yield* bars.during({ name: file, peer }, client.download(peer, file, { to, replace }))
    // The result is reported last.
    yield* Fiber.interrupt(reporting)
    if (json) return yield* report([{ _tag: "Saved", name: file, ...saved }])
    yield* Console.log(`Saved ${printable(saved.path)} (${size(saved.bytes)}).`)
  })
)

/** `peerage pyrate search`. */
export const search = define(
  {
    name: "peerage pyrate search",
    unfinished: "the search was not over. --wait makes it shorter",
    about: "Search for a file by its whole name, and print who has it",
    flags: {
      file: fileArgument("The whole name of the file"),
      ...network,
      ttl: text(
        "ttl",
        whole(0, PyrateConfig.defaults.maxTtl),
        "How far the search goes, in hops from 0 to 10 (default 10)"
      ),
      wait: text("wait", duration, "How long answers are waited for (default 5s)"),
      legacy,
      security: Secure.dialing
    },
    examples: {
      "peerage pyrate search song.txt --bootstrap 192.0.2.1":
        "Who has song.txt in the network of the bootstrap at 192.0.2.1:21168",
      "peerage pyrate search song.txt --bootstrap 192.0.2.1 --ttl 0 --wait 2s":
        "Among those whom the bootstrap knows only, and quickly"
    }
  },
  Effect.fnUntraced(function*({ given: { security, ...given }, json, name, read, screen }) {
    const secret = yield* Secure.checks(security, { named: given.bootstrap })
    const { advertise, bootstrap, file, legacy, listen, ttl, wait = Duration.seconds(5), ...values } = yield* read({
      ...given,
      ...secret
    })
    const config = yield* tuned(name, PyrateConfig)
    const address = yield* addressOf(bootstrap, BootstrapSession.defaultPort)
    const client = yield* connected(values, address, Client.make(config))
    const local = { advertise, listen }
    const { hits, peers, self } = yield* client.search(file, { ...(yield* reached(address, local)), ttl, legacy })
    if (json) yield* report([{ _tag: "Listening", address: self }])
    const found = new Set<PeerAddress.PeerAddress>()
    yield* Stream.runForEach(hits, (hit) => {
      if (found.has(hit.peer)) return Effect.void
      found.add(hit.peer)
      return json ? report([{ _tag: "Hit", ...hit }]) : Effect.void
    }).pipe(Effect.timeoutOption(peers.length === 0 ? Duration.zero : wait))

    if (json) return yield* report([{ _tag: "Searched", name: file, peers: [...found] }])
    const rows = Array.from(found, (peer) => [peer, printable(file)])
    yield* print(
      rows.length === 0 ? [] : table(screen.style, ["PEER", "FILE"], rows),
      peers.length === 0
        ? `There are no peers at ${address}.`
        : `None of ${counted(peers.length, "peer")} at ${address}, nor theirs, said within ${
          Duration.format(wait)
        } that they have ${printable(file)}. They answer by connecting to ${self}; where they cannot, give --advertise.`
    )
  })
)
