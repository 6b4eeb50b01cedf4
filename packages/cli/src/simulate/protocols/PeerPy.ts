/** PeerPy in a simulation: each host looks for the others of its network and connects to those that came before it. */
import { shown } from "@peerage/console/Printable"
import { inPeerPy as inWords } from "@peerage/console/Reasons"
import { Peer as PeerPy, type PeerPyEvent } from "@peerage/peerpy"
import { Effect, Stream, SubscriptionRef } from "effect"
import { counted } from "../../room/Style.ts"
import type { Protocol, Setting, Told } from "../Protocol.ts"

const port = 20_000

// Longer texts are parts of a stream.
const longest = 200
const chunk = "x".repeat(16_384)

const words = (event: PeerPyEvent.PeerPyEvent, { nameOf }: Setting): Told | undefined => {
  switch (event._tag) {
    case "Connected":
      return event.initiated ? { did: "connected to", whom: nameOf(event.peer) } : undefined
    case "Closed":
      return { did: "lost the connection with", whom: nameOf(event.peer), after: `: ${inWords(event.reason)}` }
    case "Data": {
      const text = typeof event.data === "string" ? event.data : ""
      return text === "" || text.length > longest
        ? undefined
        : { did: `heard "${shown(text)}" from`, whom: nameOf(event.peer) }
    }
    case "Rejected":
      return { did: "turned away", whom: nameOf(event.host), after: `: ${inWords(event.reason)}` }
    default:
      return undefined
  }
}

/** Looks for others, and connects to those whose number is smaller: so no two connect to each other at once. */
const meet = Effect.fnUntraced(function*(setting: Setting, peer: PeerPy.PeerService) {
  const found = yield* peer.discover
  const names = found.map(setting.nameOf)
  yield* setting.note({
    event: Object.assign({ _tag: "Discovered" }, { found: names.length }),
    told: { did: `discovered ${counted(names.length, "other")} by broadcast` }
  })
  yield* Effect.forEach(
    found.filter((other) => Number(setting.nameOf(other)) < Number(setting.name)),
    (other) => Effect.ignore(peer.connect(other, { type: "json" })),
    { concurrency: "unbounded", discard: true }
  )
})

/** How a host of PeerPy takes part. */
export const peerpy: Protocol = {
  start: Effect.fnUntraced(function*(setting) {
    const peer = yield* PeerPy.make({
      listen: `0.0.0.0:${port}`,
      advertise: setting.addressOf(setting.name)
    })
    yield* Effect.forkScoped(Effect.ignore(meet(setting, peer)))
    return {
      knows: Stream.map(SubscriptionRef.changes(peer.peers), (peers) => peers.map(setting.nameOf)),
      events: Stream.map(peer.events, (event) => ({ event, told: words(event, setting) })),
      act: Effect.fnUntraced(function*({ say, stream, to }) {
        const open = yield* SubscriptionRef.get(peer.connections)
        const wanted = stream ?? to
        const receivers = open.filter((one) => wanted === undefined || setting.nameOf(one.peer) === wanted)
        if (receivers.length === 0) {
          return yield* Effect.fail({ reason: `it is not connected to ${wanted ?? "anybody"}` })
        }
        const sending = Effect.forEach(receivers, ({ sendAny }) => sendAny(say ?? chunk), {
          concurrency: "unbounded",
          discard: true
        })
        const forever = Effect.forever(Effect.andThen(sending, Effect.sleep("50 millis")))
        return yield* (stream === undefined ? sending : forever).pipe(
          Effect.mapError(({ message }) => ({ reason: message }))
        )
      })
    }
  })
}
