/**
 * Who is in the network, as one peer knows it: the others in the host's order, what it knows of each, and which hosts
 * they are at. Plain data, changed by a pure function in a time that hardly grows with the network.
 */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { HashMap, HashSet, Option } from "effect"
import type { PyileEvent, Reason, Sender } from "../PyileEvent.ts"

/** A member, its place in the order, and what is known of it. */
interface Entry<A> {
  readonly peer: PeerAddress.PeerAddress
  readonly place: number
  readonly value: A
}

/** The members a peer knows, never with the peer itself. */
export interface Members<A> {
  readonly entries: HashMap.HashMap<PeerAddress.PeerAddress, Entry<A>>
  /** The place of the next one to join. */
  readonly nextPlace: number
  /** How many members are at each host. */
  readonly atHost: HashMap.HashMap<string, number>
  /** The hosts at which the peer itself is known. */
  readonly own: HashSet.HashSet<string>
}

/** Something that happened to the members. */
export type Change<A> =
  | { readonly _tag: "Joined"; readonly peer: PeerAddress.PeerAddress; readonly value: A }
  | { readonly _tag: "Left"; readonly peer: PeerAddress.PeerAddress; readonly reason: Reason }
  /** A whole list replaces what was known. The peer itself, which may be in it, is passed over. */
  | {
    readonly _tag: "Listed"
    readonly list: ReadonlyArray<readonly [PeerAddress.PeerAddress, A]>
    readonly self: PeerAddress.PeerAddress
  }
  /** The peer itself is also known at this host. */
  | { readonly _tag: "OwnHost"; readonly host: string }

/** What follows from a change: the events that tell it. */
type Told = ReadonlyArray<Extract<PyileEvent, { readonly _tag: "Joined" | "Left" }>>

/** No members. */
export const none: Members<never> = {
  entries: HashMap.empty(),
  nextPlace: 0,
  atHost: HashMap.empty(),
  own: HashSet.empty()
}

/** What is known of a member; `undefined` where it is none. */
export const get = <A>({ entries }: Members<A>, peer: PeerAddress.PeerAddress): A | undefined =>
  Option.getOrUndefined(HashMap.get(entries, peer))?.value

/** Whether this peer is a member. */
export const has = <A>({ entries }: Members<A>, peer: PeerAddress.PeerAddress): boolean => HashMap.has(entries, peer)

/** How many there are. */
export const size = <A>({ entries }: Members<A>): number => HashMap.size(entries)

const inOrder = <A>({ entries }: Members<A>): ReadonlyArray<Entry<A>> =>
  HashMap.toValues(entries).sort((one, other) => one.place - other.place)

/** The members in their order. */
export const list = <A>(members: Members<A>): ReadonlyArray<PeerAddress.PeerAddress> =>
  inOrder(members).map(({ peer }) => peer)

/** What is known of each, in the members' order. */
export const values = <A>(members: Members<A>): ReadonlyArray<A> => inOrder(members).map(({ value }) => value)

/** The count of a member's host with one more or less. */
const counted = (
  atHost: HashMap.HashMap<string, number>,
  peer: PeerAddress.PeerAddress,
  difference: 1 | -1
): HashMap.HashMap<string, number> =>
  HashMap.modifyAt(atHost, PeerAddress.host(peer), (there) => {
    const count = Option.getOrElse(there, () => 0) + difference
    return count === 0 ? Option.none() : Option.some(count)
  })

const add = <A>(members: Members<A>, peer: PeerAddress.PeerAddress, value: A): readonly [Members<A>, Told] => {
  if (has(members, peer)) return [members, []]
  const place = members.nextPlace
  return [
    {
      ...members,
      entries: HashMap.set(members.entries, peer, { peer, place, value }),
      nextPlace: place + 1,
      atHost: counted(members.atHost, peer, 1)
    },
    [{ _tag: "Joined", peer }]
  ]
}

const remove = <A>(
  members: Members<A>,
  peer: PeerAddress.PeerAddress,
  reason: Reason
): readonly [Members<A>, Told] => {
  if (!has(members, peer)) return [members, []]
  return [
    { ...members, entries: HashMap.remove(members.entries, peer), atHost: counted(members.atHost, peer, -1) },
    [{ _tag: "Left", peer, reason }]
  ]
}

/** The order is the new list's: the host comes first, even when it came back with another port. */
const replace = <A>(
  members: Members<A>,
  listed: ReadonlyMap<PeerAddress.PeerAddress, A>
): readonly [Members<A>, Told] => {
  const left = list(members).filter((peer) => !listed.has(peer))
  const joined = [...listed.keys()].filter((peer) => !has(members, peer))
  const empty: Members<A> = { ...none, own: members.own }
  const replaced = [...listed].reduce((next, [peer, value]) => add(next, peer, value)[0], empty)
  return [replaced, [
    ...left.map((peer) => ({ _tag: "Left", peer, reason: "Unlisted" }) as const),
    ...joined.map((peer) => ({ _tag: "Joined", peer }) as const)
  ]]
}

/** The members after a change, and the events that tell it. */
export const step = <A>(members: Members<A>, change: Change<A>): readonly [Members<A>, Told] => {
  switch (change._tag) {
    case "Joined":
      return add(members, change.peer, change.value)
    case "Left":
      return remove(members, change.peer, change.reason)
    case "Listed":
      return replace(members, new Map(change.list.filter(([peer]) => peer !== change.self)))
    case "OwnHost":
      return HashSet.has(members.own, change.host)
        ? [members, []]
        : [{ ...members, own: HashSet.add(members.own, change.host) }, []]
  }
}

/** True when a member, or the peer itself, is at this host: chat from elsewhere is not read. */
export const knows = <A>({ atHost, own }: Members<A>, host: string): boolean =>
  HashMap.has(atHost, host) || HashSet.has(own, host)

/**
 * What can be said of a message from `host` that claims to be from `claimed`. An address is all there is to know a sender
 * by: members at one address can pose as each other, but not as anybody else.
 */
export const judge = <A>(
  members: Members<A>,
  host: string,
  claimed: PeerAddress.PeerAddress | undefined
): Sender => {
  if (claimed === undefined || PeerAddress.host(claimed) !== host || !has(members, claimed)) return "Mismatch"
  return Option.getOrElse(HashMap.get(members.atHost, host), () => 0) > 1 ? "SharedAddress" : "Verified"
}
