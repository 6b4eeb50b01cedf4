/**
 * Who is in the network, as one peer knows it: the others in the host's order, and who may be behind an address.
 *
 * The host adds and removes, a joiner replaces the whole list. What changed becomes events.
 */
import { Effect, SubscriptionRef } from "effect"
import * as PeerAddress from "../codec/PeerAddress.ts"
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
  readonly add: (peer: PeerAddress.PeerAddress) => Effect.Effect<void>
  readonly remove: (peer: PeerAddress.PeerAddress, reason: string) => Effect.Effect<void>
  /** Takes over a list; `self` in it is passed over. Those no longer listed left for `reason`. */
  readonly replace: (
    peers: ReadonlyArray<PeerAddress.PeerAddress>,
    self: PeerAddress.PeerAddress | undefined,
    reason: string
  ) => Effect.Effect<void>
}

/**
 * An address is all there is to know a sender by. Members behind one address can pose as each other, but not as
 * anybody else.
 */
export const judge = (claimedHost: string | undefined, host: string, listed: boolean, membersAtHost: number): Sender =>
  claimedHost !== host || !listed ? "Mismatch" : membersAtHost > 1 ? "SharedAddress" : "Verified"

/** No members yet. */
export const make = Effect.fnUntraced(function*(events: Events): Effect.fn.Return<Membership> {
  const peers = yield* SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>([])
  const members = new Set<PeerAddress.PeerAddress>()
  const atHost = new Map<string, number>()
  const own = new Set<string>()

  const enter = (peer: PeerAddress.PeerAddress): boolean => {
    if (members.has(peer)) return false
    members.add(peer)
    const host = PeerAddress.host(peer)
    atHost.set(host, (atHost.get(host) ?? 0) + 1)
    return true
  }

  const leave = (peer: PeerAddress.PeerAddress): boolean => {
    if (!members.delete(peer)) return false
    const host = PeerAddress.host(peer)
    const remaining = (atHost.get(host) ?? 1) - 1
    if (remaining === 0) atHost.delete(host)
    else atHost.set(host, remaining)
    return true
  }

  const announce = (changes: ReadonlyArray<PyileEvent>): Effect.Effect<void> => {
    if (changes.length === 0) return Effect.void
    const list = [...members]
    return Effect.andThen(
      SubscriptionRef.set(peers, list),
      events.publish([...changes, { _tag: "Peers", peers: list }])
    )
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
    add: (peer) => Effect.suspend(() => announce(enter(peer) ? [{ _tag: "Joined", peer }] : [])),
    remove: (peer, reason) => Effect.suspend(() => announce(leave(peer) ? [{ _tag: "Left", peer, reason }] : [])),
    replace: (list, self, reason) =>
      Effect.suspend(() => {
        const listed = new Set(list)
        const changes: Array<PyileEvent> = []
        for (const peer of [...members]) {
          if (!listed.has(peer) && leave(peer)) changes.push({ _tag: "Left", peer, reason })
        }
        for (const peer of listed) {
          if (peer !== self && enter(peer)) changes.push({ _tag: "Joined", peer })
        }
        return announce(changes)
      })
  }
})
