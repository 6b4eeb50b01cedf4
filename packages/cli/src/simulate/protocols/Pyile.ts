/** Pyile in a simulation: host 1 admits the others by password, and those that are lost come back. */
import { shown } from "@peerage/console/Printable"
import { inPyile as inWords, reasonOf } from "@peerage/console/Reasons"
import { AuthPeer, JoinPeer, type PyileEvent } from "@peerage/pyile"
import { Effect, Redacted, Schedule, Stream, SubscriptionRef } from "effect"
import type { Peer, Protocol, Setting, Told } from "../Protocol.ts"

const password = Redacted.make("sesame")

/** What people are told. Who came and went they see in the lists. */
const words = (event: PyileEvent.PyileEvent, { nameOf }: Setting): Told | undefined => {
  switch (event._tag) {
    case "Connected":
      return { did: "joined the network of", whom: nameOf(event.peer) }
    case "Closed":
      return { did: "lost the host,", whom: nameOf(event.peer), after: `: ${inWords(event.reason)}` }
    case "Left":
      return event.reason === "Unlisted"
        ? undefined
        : { did: "lost", whom: nameOf(event.peer), after: `: ${inWords(event.reason)}` }
    case "Message":
      return { did: `heard "${shown(event.data)}" from`, whom: nameOf(event.from) }
    case "Sent": {
      const failed = event.failed.map(({ peer }) => nameOf(peer))
      return failed.length === 0
        ? undefined
        : { did: `could not tell "${shown(event.data)}" to`, whom: failed.join(", ") }
    }
    case "Rejected":
      return { did: "turned away", whom: nameOf(event.host), after: `: ${inWords(event.reason)}` }
    case "Banned":
      return { did: "banned", whom: nameOf(event.host) }
    default:
      return undefined
  }
}

const peerOf = (
  setting: Setting,
  peer: AuthPeer.AuthPeerService | JoinPeer.JoinPeerService
): Peer => ({
  knows: Stream.map(SubscriptionRef.changes(peer.peers), (peers) => peers.map(setting.nameOf)),
  events: Stream.map(peer.events, (event) => ({ event, told: words(event, setting) })),
  act: Effect.fnUntraced(function*({ say = "", to }) {
    if (to === undefined) return yield* Effect.mapError(peer.broadcast(say), ({ message }) => ({ reason: message }))
    const known = yield* SubscriptionRef.get(peer.peers)
    const receiver = known.find((other) => setting.nameOf(other) === to)
    if (receiver === undefined) return yield* Effect.fail({ reason: `it does not know ${to}` })
    return yield* Effect.mapError(peer.send(receiver, say), ({ message }) => ({ reason: message }))
  })
})

/** Tries one wrong password after another. */
const guessing = Effect.fnUntraced(function*(setting: Setting) {
  const attempt = Effect.scoped(JoinPeer.make({ host: setting.addressOf("1"), password: Redacted.make("open") }))
  let reason = ""
  while (reason !== "Banned") {
    yield* Effect.sleep("3 seconds")
    reason = yield* Effect.match(attempt, { onFailure: reasonOf, onSuccess: () => "none" })
    yield* setting.note({
      event: Object.assign({ _tag: "Refused" }, { reason }),
      told: { did: "was refused by", whom: "1", after: `: ${inWords(reason)}` }
    })
  }
  return yield* Effect.never
})

/** How a host of Pyile takes part. */
export const pyile: Protocol = {
  start: Effect.fnUntraced(function*(setting) {
    if (setting.name === "1") return peerOf(setting, yield* AuthPeer.make({ password }))
    if (setting.guesses) return yield* guessing(setting)
    const host = setting.addressOf("1")
    const peer = yield* JoinPeer.persistently({ host, password, rejoin: Schedule.spaced("1 second") })
    // The event came before anybody could listen.
    yield* setting.note({
      event: Object.assign({ _tag: "Connected" }, { peer: host }),
      told: { did: "joined the network of", whom: "1" }
    })
    return peerOf(setting, peer)
  })
}
