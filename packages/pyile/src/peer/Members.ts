/**
 * Who is in the network, as one peer knows it: the others in the host's order, and which hosts they are at. Plain data,
 * changed by a pure function.
 */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import type { PyileEvent, Reason, Sender } from "../PyileEvent.ts"

/** The members a peer knows. */
export interface Members {
  /** The others in the host's order, never with the peer itself. */
  readonly listed: ReadonlySet<PeerAddress.PeerAddress>
  /** How many of them are at each host. */
  readonly atHost: ReadonlyMap<string, number>
  /** The hosts at which the peer itself is known. */
  readonly own: ReadonlySet<string>
}

/** Something that happened to the list of members. */
export type Change =
  | { readonly _tag: "Joined"; readonly peer: PeerAddress.PeerAddress }
  | { readonly _tag: "Left"; readonly peer: PeerAddress.PeerAddress; readonly reason: Reason }
  /** A whole list replaces what was known. The peer itself, which may be in it, is passed over. */
  | {
    readonly _tag: "Listed"
    readonly list: ReadonlyArray<PeerAddress.PeerAddress>
    readonly self: PeerAddress.PeerAddress
  }
  /** The peer itself is also known at this host. */
  | { readonly _tag: "OwnHost"; readonly host: string }

/** What follows from a change: the events that tell it. */
type Told = ReadonlyArray<Extract<PyileEvent, { readonly _tag: "Joined" | "Left" }>>

/** No members. */
export const none: Members = { listed: new Set(), atHost: new Map(), own: new Set() }

const count = (peers: Iterable<PeerAddress.PeerAddress>): ReadonlyMap<string, number> => {
  const atHost = new Map<string, number>()
  for (const peer of peers) {
    const host = PeerAddress.host(peer)
    atHost.set(host, (atHost.get(host) ?? 0) + 1)
  }
  return atHost
}

/** The counts with one peer more or less. */
const counted = (
  atHost: ReadonlyMap<string, number>,
  peer: PeerAddress.PeerAddress,
  difference: 1 | -1
): ReadonlyMap<string, number> => {
  const host = PeerAddress.host(peer)
  const there = (atHost.get(host) ?? 0) + difference
  const changed = new Map(atHost)
  if (there === 0) changed.delete(host)
  else changed.set(host, there)
  return changed
}

const withPeer = (members: Members, peer: PeerAddress.PeerAddress): readonly [Members, Told] => {
  if (members.listed.has(peer)) return [members, []]
  const listed = new Set(members.listed).add(peer)
  return [{ ...members, listed, atHost: counted(members.atHost, peer, 1) }, [{ _tag: "Joined", peer }]]
}

const withoutPeer = (
  members: Members,
  peer: PeerAddress.PeerAddress,
  reason: Reason
): readonly [Members, Told] => {
  if (!members.listed.has(peer)) return [members, []]
  const listed = new Set(members.listed)
  listed.delete(peer)
  return [{ ...members, listed, atHost: counted(members.atHost, peer, -1) }, [{ _tag: "Left", peer, reason }]]
}

/** The list's order is the host's: it comes first, even when it came back with another port. */
const replaced = (members: Members, listed: ReadonlySet<PeerAddress.PeerAddress>): readonly [Members, Told] => {
  const left = [...members.listed].filter((peer) => !listed.has(peer))
  const joined = [...listed].filter((peer) => !members.listed.has(peer))
  return [{ ...members, listed, atHost: count(listed) }, [
    ...left.map((peer) => ({ _tag: "Left", peer, reason: "Unlisted" }) as const),
    ...joined.map((peer) => ({ _tag: "Joined", peer }) as const)
  ]]
}

/** The members after a change, and the events that tell it. */
export const step = (members: Members, change: Change): readonly [Members, Told] => {
  switch (change._tag) {
    case "Joined":
      return withPeer(members, change.peer)
    case "Left":
      return withoutPeer(members, change.peer, change.reason)
    case "Listed":
      return replaced(members, new Set(change.list.filter((peer) => peer !== change.self)))
    case "OwnHost":
      return [{ ...members, own: new Set(members.own).add(change.host) }, []]
  }
}

/** True when a member, or the peer itself, is at this host: chat from elsewhere is not read. */
export const knows = ({ atHost, own }: Members, host: string): boolean => atHost.has(host) || own.has(host)

/**
 * What can be said of a message from `host` that claims to be from `claimed`. An address is all there is to know a sender
 * by: members at one address can pose as each other, but not as anybody else.
 */
export const judge = (
  { atHost, listed }: Members,
  host: string,
  claimed: PeerAddress.PeerAddress | undefined
): Sender => {
  if (claimed === undefined || PeerAddress.host(claimed) !== host || !listed.has(claimed)) return "Mismatch"
  return (atHost.get(host) ?? 0) > 1 ? "SharedAddress" : "Verified"
}
