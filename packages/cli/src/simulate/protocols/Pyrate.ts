/** Pyrate in a simulation: host 1 is the bootstrap, each other shares one file, `song-N.txt`, of a megabyte. */
import { printable } from "@peerage/console/Printable"
import { inPyrate as inWords } from "@peerage/console/Reasons"
import { size } from "@peerage/console/Transfer"
import { BootstrapNode, FileName, FilePeer, type PyrateEvent } from "@peerage/pyrate"
import { Duration, Effect, FileSystem, Schedule, Stream, SubscriptionRef } from "effect"
import type { Hindrance, Peer, Protocol, Setting, Told } from "../Protocol.ts"

const directory = "/shared"
const port = 5005
const bytes = 1_048_576

// By default a peer asks who is there every five minutes: too rarely for a simulation of one.
const config = { keepAlive: Duration.seconds(5) }

const words = (event: PyrateEvent.PyrateEvent, { nameOf }: Setting): Told | undefined => {
  switch (event._tag) {
    case "Joined":
      return { did: "registered", whom: nameOf(event.peer) }
    case "Left":
      return { did: "lists no longer", whom: nameOf(event.peer), after: `: ${inWords(event.reason)}` }
    case "Hit":
      return { did: `found ${printable(event.name)} at`, whom: nameOf(event.peer) }
    case "Saved":
      return { did: `fetched ${printable(event.name)}, ${size(event.bytes)}` }
    case "Served":
      return { did: `sent all of ${printable(event.name)} to`, whom: nameOf(event.to) }
    case "Rejected":
      return { did: "did not do what it was asked by", whom: nameOf(event.host), after: `: ${inWords(event.reason)}` }
    default:
      return undefined
  }
}

const peerOf = (
  setting: Setting,
  { events, peers }: Pick<FilePeer.FilePeerService, "events" | "peers">,
  act: Peer["act"]
): Peer => ({
  knows: Stream.map(SubscriptionRef.changes(peers), (known) => known.map(setting.nameOf)),
  events: Stream.map(events, (event) => ({ event, told: words(event, setting) })),
  act
})

const hinder = (reason: string): Effect.Effect<never, Hindrance> => Effect.fail({ reason })

const acting = (setting: Setting, peer: FilePeer.FilePeerService): Peer["act"] =>
  Effect.fnUntraced(function*({ from = "", get, search }) {
    const name = FileName.parse(get ?? search ?? "")
    if (name === undefined) return yield* hinder("the name is none of a file that can be shared")
    if (search !== undefined) {
      const hits = Stream.unwrap(peer.search(name))
      return yield* Effect.scoped(Effect.timeoutOption(Stream.runDrain(hits), "5 seconds"))
    }
    const holder = (yield* SubscriptionRef.get(peer.peers)).find((other) => setting.nameOf(other) === from)
    if (holder === undefined) return yield* hinder(`it does not know ${from}`)
    return yield* Effect.mapError(peer.download(holder, name), ({ message }) => ({ reason: message }))
  })

/** How a host of Pyrate takes part. */
export const pyrate: Protocol = {
  start: Effect.fnUntraced(function*(setting) {
    const bootstrap = setting.addressOf("1")
    if (setting.name === "1") {
      return peerOf(setting, yield* BootstrapNode.make({ listen: bootstrap }), () => hinder("it is the bootstrap"))
    }
    const files = yield* FileSystem.FileSystem
    yield* files.makeDirectory(directory, { recursive: true })
    yield* files.writeFile(`${directory}/song-${setting.name}.txt`, new Uint8Array(bytes).fill(97))
    const peer = yield* FilePeer.make({
      directory,
      bootstrap,
      listen: `${setting.addressOf(setting.name)}:${port}`,
      config
    }).pipe(Effect.retry(Schedule.spaced("1 second")))
    return peerOf(setting, peer, acting(setting, peer))
  })
}
