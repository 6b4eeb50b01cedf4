/**
 * Who is in the network, as one peer knows it: the others in the host's order, and who may be behind an address.
 *
 * The host adds and removes, a joiner replaces the whole list. A change is one synchronous step; `announce` tells it,
 * in the order in which changes were made.
 */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, SubscriptionRef } from "effect"
import type { PyileEvent, Sender } from "../PyileEvent.ts"
import type { Events } from "./Events.ts"

/** The members a peer knows. */
export interface Membership {
  /** The others, never with the peer itself. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  readonly has: (peer: PeerAddress.PeerAddress) => boolean
  /** True when a member, or the peer itself, is at this host: chat from elsewhere is not listened to. */
  readonly knows: (host: string) => boolean
  /** What can be said of a message from `host` that claims to be from `claimed`. */
  readonly judge: (host: string, claimed: PeerAddress.PeerAddress | undefined) => Sender
  /** Notes another address of the peer itself. */
  readonly alsoAt: (host: string) => void
  readonly add: (peer: PeerAddress.PeerAddress) => void
  readonly remove: (peer: PeerAddress.PeerAddress, reason: string) => void
  /** Takes over a list and its order; `self` in it is passed over. Those no longer listed left for `reason`. */
  readonly replace: (
    list: ReadonlyArray<PeerAddress.PeerAddress>,
    self: PeerAddress.PeerAddress,
    reason: string
  ) => void
  /** Tells the changes that have not been told. */
  readonly announce: Effect.Effect<void>
}

/**
 * An address is all there is to know a sender by. Members behind one address can pose as each other, but not as
 * anybody else.
 */
const judge = (claimedHost: string | undefined, host: string, listed: boolean, membersAtHost: number): Sender =>
  claimedHost !== host || !listed ? "Mismatch" : membersAtHost > 1 ? "SharedAddress" : "Verified"

/** No members yet. */
export const make = Effect.fnUntraced(function*(events: Events): Effect.fn.Return<Membership> {
  const peers = yield* SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>([])
  const members = new Set<PeerAddress.PeerAddress>()
  const atHost = new Map<string, number>()
  const own = new Set<string>()
  let untold: Array<PyileEvent> = []

  const count = (peer: PeerAddress.PeerAddress, change: 1 | -1) => {
    const host = PeerAddress.host(peer)
    const there = (atHost.get(host) ?? 0) + change
    if (there === 0) atHost.delete(host)
    else atHost.set(host, there)
  }

  const add = (peer: PeerAddress.PeerAddress) => {
    if (members.has(peer)) return
    members.add(peer)
    count(peer, 1)
    untold.push({ _tag: "Joined", peer })
  }

  const remove = (peer: PeerAddress.PeerAddress, reason: string) => {
    if (!members.delete(peer)) return
    count(peer, -1)
    untold.push({ _tag: "Left", peer, reason })
  }

  return {
    peers,
    has: (peer) => members.has(peer),
    knows: (host) => atHost.has(host) || own.has(host),
    judge: (host, claimed) =>
      judge(
        claimed === undefined ? undefined : PeerAddress.host(claimed),
        host,
        claimed !== undefined && members.has(claimed),
        atHost.get(host) ?? 0
      ),
    alsoAt: (host) => void own.add(host),
    add,
    remove,
    replace: (list, self, reason) => {
      const listed = new Set(list)
      listed.delete(self)
      for (const peer of [...members]) {
        if (!listed.has(peer)) remove(peer, reason)
      }
      for (const peer of listed) add(peer)
      // The list's order is the host's: it comes first, even when it came back with another port.
      members.clear()
      for (const peer of listed) members.add(peer)
    },
    announce: Effect.suspend(() => {
      const told = untold
      if (told.length === 0) return Effect.void
      untold = []
      return Effect.flatMap(
        SubscriptionRef.updateAndGet(peers, () => [...members]),
        (list) => events.publish([...told, { _tag: "Peers", peers: list }])
      )
    })
  }
})
