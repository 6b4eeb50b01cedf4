/** p2p-chat in a simulation: a tree in which each host joins the one with half its number. Ids are names. */
import { printable } from "@peerage/console/Printable"
import { inChat as inWords } from "@peerage/console/Reasons"
import { type ChatEvent, ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, Schedule, Stream, SubscriptionRef } from "effect"
import type { Protocol, Setting, Told } from "../Protocol.ts"

const port = 5000

// Each neighbour says it of all that it leads to.
const follows = ["Withdrawn", "NextHopLeft"]

const words = (event: ChatEvent.ChatEvent, { nameOf }: Setting): Told | undefined => {
  switch (event._tag) {
    case "Connected":
      return { did: "joined the network at", whom: nameOf(event.address) }
    case "Left":
      return follows.includes(event.reason)
        ? undefined
        : { did: "lost", whom: String(event.peer), after: `: ${inWords(event.reason)}` }
    case "Message":
      return { did: `heard "${printable(event.data)}" from`, whom: String(event.from) }
    case "Sent":
      return event.result._tag === "Buffered"
        ? { did: `kept "${printable(event.data)}" for`, whom: String(event.to), after: ", to whom no way leads now" }
        : { did: `sent "${printable(event.data)}" to`, whom: String(event.to), after: ` by ${event.result.nextHop}` }
    case "Discarded":
      return { did: "gave up messages for", whom: String(event.to) }
    default:
      return undefined
  }
}

/** How a host of p2p-chat takes part. */
export const chat: Protocol = {
  start: Effect.fnUntraced(function*(setting) {
    const own = Number(setting.name)
    const parent = String(Math.floor(own / 2))
    const options = {
      listen: `${setting.addressOf(setting.name)}:${port}`,
      id: PeerId.make(BigInt(own)),
      rejoin: Schedule.spaced("1 second")
    }
    const join = own === 1 ? undefined : `${setting.addressOf(parent)}:${port}`
    const peer = yield* ChatPeer.make({ ...options, join }).pipe(Effect.retry(Schedule.spaced("1 second")))
    if (join !== undefined) {
      yield* setting.note({
        event: Object.assign({ _tag: "Connected" }, { peer: parent, address: join }),
        told: { did: "joined the network at", whom: parent }
      })
    }
    return {
      knows: Stream.map(SubscriptionRef.changes(peer.peers), (peers) => peers.map(({ id }) => String(id))),
      events: Stream.map(peer.events, (event) => ({ event, told: words(event, setting) })),
      act: ({ say = "", to }) =>
        Effect.forEach(
          to === undefined ? setting.hosts.filter((name) => name !== setting.name) : [to],
          (name) => peer.send(PeerId.make(BigInt(name)), say)
        ).pipe(Effect.mapError(({ message }) => ({ reason: message })))
    }
  })
}
