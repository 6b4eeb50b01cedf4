/** What all sessions of one host share, and how a member comes and goes in it. */
import { Endpoint } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Queue, Ref } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import { encodePeerList, entryOf } from "../codec/Message.ts"
import { toWire } from "../exchange/Introduction.ts"
import { HostLeft, Replaced, type SessionFailure } from "../PyileError.ts"
import type { Admission } from "./Admission.ts"
import type { Base } from "./Base.ts"
import type { Distributor, Subscriber } from "./Distributor.ts"
import type { Reception } from "./Reception.ts"
import type { Heart, Ward } from "./Ward.ts"

/** A peer that has joined, and the connections that keep it in. */
export interface Member {
  readonly peer: PeerAddress.PeerAddress
  /** Its entry in lists, as text. */
  readonly entry: string
  /** The host's chat address as it sees it. */
  readonly seen: PeerAddress.PeerAddress
  /** Where it really is. */
  readonly remote: NetAddress.InetAddress
  /** The host's own end of the member's auth connection. */
  readonly local: NetAddress.InetAddress
  readonly heart: Heart
  readonly subscriber: Subscriber
  /** Begins to hear what it says on its auth connection. */
  readonly hear: () => void
  /** Closes the connections. */
  readonly close: () => void
}

/** The services and the state that the sessions of a host share. */
export interface Host extends Base {
  readonly admission: Admission
  readonly ward: Ward
  readonly distributor: Distributor
  readonly reception: Reception
  readonly distPort: number
  readonly trustClaims: boolean
  /** The host's chat address as somebody sees it who reached the host at `local`. */
  readonly seenFrom: (local: NetAddress.InetAddress) => PeerAddress.PeerAddress
  readonly members: Map<PeerAddress.PeerAddress, Member>
  /** The current list, encoded, by the address the host has in it. */
  readonly lists: Map<PeerAddress.PeerAddress, Uint8Array>
  /** What members' connections have brought and is still to be done about it, which `attend` does. */
  readonly pulses: Queue.Queue<Effect.Effect<void>>
  /** Whether the warning about the list's size has been given. */
  readonly outgrown: Ref.Ref<boolean>
}

/** The list for one that is about to join: the host first, then the members as they came, itself at the end. */
export const listWith = (
  host: Host,
  seen: PeerAddress.PeerAddress,
  joining: PeerAddress.PeerAddress | undefined
): Uint8Array => {
  const entries = [entryOf(toWire(seen))]
  for (const { entry, peer } of host.members.values()) {
    if (peer !== joining) entries.push(entry)
  }
  if (joining !== undefined) entries.push(entryOf(toWire(joining)))
  return encodePeerList(entries)
}

/** The list for a member that knows the host as `seen`. Encoded once for all who see it alike. */
export const listFor = (host: Host, seen: PeerAddress.PeerAddress): Uint8Array => {
  const list = host.lists.get(seen) ?? listWith(host, seen, undefined)
  host.lists.set(seen, list)
  return list
}

// What an original joiner reads its first list with: one recv of this size.
const originalListBytes = 2048

/** Warns once when the list is more than an original joiner can read: from then on only newer ones can join. */
export const warnOutgrown = (host: Host, bytes: number): Effect.Effect<void> =>
  bytes <= originalListBytes ? Effect.void : warn(host, bytes)

const warn = Effect.fnUntraced(function*(host: Host, bytes: number) {
  if (yield* Ref.getAndSet(host.outgrown, true)) return
  const text = `The peer list now takes ${bytes} bytes. Joiners running the original Pyile read at most `
    + `${originalListBytes} and can no longer join.`
  yield* host.messenger.log("WARNING", text)
  yield* Effect.logWarning(text)
})

/** Takes a member in, in place of one that had the same address, and tells everybody. */
export const enter = Effect.fnUntraced(function*(host: Host, member: Member) {
  const earlier = host.members.get(member.peer)
  if (earlier !== undefined) yield* dismiss(host, earlier, new Replaced())
  host.members.set(member.peer, member)
  host.lists.clear()
  host.membership.alsoAt(PeerAddress.host(member.seen))
  host.membership.add(member.peer)
  // In this order: being admitted gives the member its list, and a change behind that would give it a second one.
  host.distributor.changed()
  host.distributor.admit(member.subscriber)
  announceSoon(host)
  yield* host.messenger.log("INFO", `${member.peer} joined`)
  yield* host.ward.admit(member.heart)
  // Last: what it has said meanwhile waits, and an end that is heard now finds a member to let go.
  member.hear()
})

/** Lets a member go and tells everybody; the first reason counts. Its connections are the session's to close. */
const leave = Effect.fnUntraced(function*(host: Host, member: Member, reason: SessionFailure) {
  host.ward.release(member.heart)
  host.distributor.release(member.subscriber)
  if (host.members.get(member.peer) !== member) return
  host.members.delete(member.peer)
  host.lists.clear()
  host.membership.remove(member.peer, Endpoint.reasonOf(reason))
  host.distributor.changed()
  announceSoon(host)
  yield* host.messenger.log("INFO", `${member.peer} left: ${Endpoint.reasonOf(reason)}`)
})

/** Makes a member go: lets it go and closes its connections, by which its session ends. */
export const dismiss = (host: Host, member: Member, reason: SessionFailure): Effect.Effect<void> =>
  Effect.uninterruptible(Effect.andThen(leave(host, member, reason), Effect.sync(member.close)))

/** Has who came and who went told, once for all who do so together: each time is a copy of the list. */
const announceSoon = (host: Host) => void Queue.offerUnsafe(host.pulses, Effect.void)

/** Never ends: does what the members' connections bring, in its order, and tells who came and who went. */
export const attend = Effect.fnUntraced(function*(host: Host) {
  while (true) {
    for (const pulse of yield* Queue.takeAll(host.pulses)) yield* pulse
    yield* host.membership.announce
  }
})

/** Lets all members go, as the host itself does, when nobody attends any more. */
export const dismissAll = (host: Host): Effect.Effect<void> =>
  Effect.suspend(() =>
    Effect.forEach([...host.members.values()], (member) => dismiss(host, member, new HostLeft()), { discard: true })
  ).pipe(Effect.andThen(host.membership.announce))
