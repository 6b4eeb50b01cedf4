/**
 * Who is in the network, as one peer knows it: the others in the host's order, what it knows of each, and which hosts
 * they are at. Plain data, changed by a pure function.
 */
import type { PeerKey } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { HashMap, HashSet, Option } from "effect"
import type { PyileEvent, Reason, Sender } from "../PyileEvent.ts"

/** A member, and what is known of it. */
export interface Entry<A> {
  readonly peer: PeerAddress.PeerAddress
  readonly value: A
}

/** The members a peer knows, never with the peer itself. */
export interface Members<A> {
  readonly inOrder: ReadonlyArray<Entry<A>>
  readonly byPeer: HashMap.HashMap<PeerAddress.PeerAddress, A>
  /** How many members are at each host, by their addresses and by where they come from. */
  readonly atHost: HashMap.HashMap<string, number>
  /** The hosts that members come from, as behind NAT, where their addresses name others. */
  readonly behind: HashMap.HashMap<PeerAddress.PeerAddress, string>
  /** The keys that members have joined with, on a transport with keys. */
  readonly keys: HashMap.HashMap<PeerAddress.PeerAddress, PeerKey.PeerKey>
  /** How many members have joined with each key. */
  readonly withKey: HashMap.HashMap<string, number>
  /** The hosts at which the peer itself is known. */
  readonly own: HashSet.HashSet<string>
}

/** Where a message comes from: the host, and on a transport with keys the key of its sender. */
export interface Origin {
  readonly host: string
  readonly key?: PeerKey.PeerKey | undefined
}

/** Something that happened to the members. */
export type Change<A> =
  /** `from` is the host that the peer comes from; without it, that of its address. */
  | {
    readonly _tag: "Joined"
    readonly peer: PeerAddress.PeerAddress
    readonly value: A
    readonly from?: string
    readonly key?: PeerKey.PeerKey | undefined
  }
  | { readonly _tag: "Left"; readonly peer: PeerAddress.PeerAddress; readonly reason: Reason }
  /** A whole list replaces what was known. The peer itself, which may be in it, is passed over. */
  | {
    readonly _tag: "Listed"
    readonly list: ReadonlyArray<readonly [PeerAddress.PeerAddress, A]>
    readonly self: PeerAddress.PeerAddress
    readonly keys?: ReadonlyMap<PeerAddress.PeerAddress, PeerKey.PeerKey>
  }
  /** The peer itself is also known at this host. */
  | { readonly _tag: "OwnHost"; readonly host: string }

/** What follows from a change: the events that tell it. */
export type Told = ReadonlyArray<Extract<PyileEvent, { readonly _tag: "Joined" | "Left" }>>

/** No members. */
export const none: Members<never> = {
  inOrder: [],
  byPeer: HashMap.empty(),
  atHost: HashMap.empty(),
  behind: HashMap.empty(),
  keys: HashMap.empty(),
  withKey: HashMap.empty(),
  own: HashSet.empty()
}

/** What is known of a member; `undefined` where it is none. */
export const get = <A>({ byPeer }: Members<A>, peer: PeerAddress.PeerAddress): A | undefined =>
  Option.getOrUndefined(HashMap.get(byPeer, peer))

/** Whether this peer is a member. */
export const has = <A>({ byPeer }: Members<A>, peer: PeerAddress.PeerAddress): boolean => HashMap.has(byPeer, peer)

/** How many there are. */
export const size = <A>({ inOrder }: Members<A>): number => inOrder.length

/** The members in their order. */
export const list = <A>({ inOrder }: Members<A>): ReadonlyArray<PeerAddress.PeerAddress> =>
  inOrder.map(({ peer }) => peer)

/** What is known of each, in the members' order. */
export const values = <A>({ inOrder }: Members<A>): ReadonlyArray<A> => inOrder.map(({ value }) => value)

/** The key that a member has joined with; `undefined` without keys, and where it is no member. */
export const keyOf = (
  { keys }: Pick<Members<unknown>, "keys">,
  peer: PeerAddress.PeerAddress
): PeerKey.PeerKey | undefined => Option.getOrUndefined(HashMap.get(keys, peer))

/** The keys that members have joined with. */
export const keys = <A>({ keys }: Members<A>): ReadonlyMap<PeerAddress.PeerAddress, PeerKey.PeerKey> => new Map(keys)

/** The counts with one member more or less at each of these hosts, or with these keys. */
const counted = (
  counts: HashMap.HashMap<string, number>,
  names: ReadonlyArray<string>,
  difference: 1 | -1
): HashMap.HashMap<string, number> =>
  names.reduce((counts, name) =>
    HashMap.modifyAt(counts, name, (there) => {
      const count = Option.getOrElse(there, () => 0) + difference
      return count === 0 ? Option.none() : Option.some(count)
    }), counts)

const joined = (peer: PeerAddress.PeerAddress, key: PeerKey.PeerKey | undefined): Told[number] => ({
  _tag: "Joined",
  peer,
  ...(key === undefined ? {} : { key })
})

/** The host of a member's address, and the one it comes from where that is another. */
const hostsOf = (behind: Members<unknown>["behind"], peer: PeerAddress.PeerAddress): ReadonlyArray<string> => [
  PeerAddress.host(peer),
  ...Option.toArray(HashMap.get(behind, peer))
]

const add = <A>(
  members: Members<A>,
  { from, key, peer, value }: Extract<Change<A>, { readonly _tag: "Joined" }>
): readonly [Members<A>, Told] => {
  if (has(members, peer)) return [members, []]
  const elsewhere = from !== undefined && from !== PeerAddress.host(peer)
  const behind = elsewhere ? HashMap.set(members.behind, peer, from) : members.behind
  return [
    {
      ...members,
      inOrder: [...members.inOrder, { peer, value }],
      byPeer: HashMap.set(members.byPeer, peer, value),
      atHost: counted(members.atHost, hostsOf(behind, peer), 1),
      behind,
      keys: key === undefined ? members.keys : HashMap.set(members.keys, peer, key),
      withKey: counted(members.withKey, key === undefined ? [] : [key], 1)
    },
    [joined(peer, key)]
  ]
}

const remove = <A>(
  members: Members<A>,
  peer: PeerAddress.PeerAddress,
  reason: Reason
): readonly [Members<A>, Told] => {
  if (!has(members, peer)) return [members, []]
  const key = keyOf(members, peer)
  return [
    {
      ...members,
      inOrder: members.inOrder.filter((entry) => entry.peer !== peer),
      byPeer: HashMap.remove(members.byPeer, peer),
      atHost: counted(members.atHost, hostsOf(members.behind, peer), -1),
      behind: HashMap.remove(members.behind, peer),
      keys: HashMap.remove(members.keys, peer),
      withKey: counted(members.withKey, key === undefined ? [] : [key], -1)
    },
    [{ _tag: "Left", peer, reason }]
  ]
}

/**
 * The order is the new list's: the host comes first, even when it came back with another port. A member that came back with
 * another key is another one.
 */
const replace = <A>(
  members: Members<A>,
  listed: ReadonlyMap<PeerAddress.PeerAddress, A>,
  keys: ReadonlyMap<PeerAddress.PeerAddress, PeerKey.PeerKey>
): readonly [Members<A>, Told] => {
  const isSame = (peer: PeerAddress.PeerAddress) =>
    listed.has(peer) && has(members, peer) && keyOf(members, peer) === keys.get(peer)
  const left = list(members).filter((peer) => !isSame(peer))
  const came = [...listed.keys()].filter((peer) => !isSame(peer))
  const known = [...keys].filter(([peer]) => listed.has(peer))
  const inOrder = Array.from(listed, ([peer, value]) => ({ peer, value }))
  const replaced: Members<A> = {
    ...members,
    inOrder,
    byPeer: HashMap.fromIterable(listed),
    atHost: counted(none.atHost, inOrder.map(({ peer }) => PeerAddress.host(peer)), 1),
    behind: none.behind,
    keys: HashMap.fromIterable(known),
    withKey: counted(none.withKey, known.map(([, key]) => key), 1)
  }
  return [replaced, [
    ...left.map((peer) => ({ _tag: "Left", peer, reason: "Unlisted" }) as const),
    ...came.map((peer) => joined(peer, keys.get(peer)))
  ]]
}

/** The members after a change, and the events that tell it. */
export const step = <A>(members: Members<A>, change: Change<A>): readonly [Members<A>, Told] => {
  switch (change._tag) {
    case "Joined":
      return add(members, change)
    case "Left":
      return remove(members, change.peer, change.reason)
    case "Listed":
      return replace(members, new Map(change.list.filter(([peer]) => peer !== change.self)), change.keys ?? new Map())
    case "OwnHost":
      return HashSet.has(members.own, change.host)
        ? [members, []]
        : [{ ...members, own: HashSet.add(members.own, change.host) }, []]
  }
}

/**
 * True when a member has joined with this key, or without keys, when a member or the peer itself is at this host: chat from
 * others is not read. A host that lists no keys leaves it to the address.
 */
export const knows = <A>({ atHost, byPeer, keys, own, withKey }: Members<A>, { host, key }: Origin): boolean => {
  if (key !== undefined && HashMap.has(withKey, key)) return true
  const isLeftToAddress = key === undefined || HashMap.size(keys) < HashMap.size(byPeer)
  return isLeftToAddress && (HashMap.has(atHost, host) || HashSet.has(own, host))
}

/**
 * What can be said of a message that claims to be from `claimed`. On a transport with keys it is from the key that has
 * joined from there, or it is not. Without keys an address is all there is to know a sender by: members at one address can
 * pose as each other, but not as anybody else.
 */
export const judge = <A>(
  members: Members<A>,
  { host, key }: Origin,
  claimed: PeerAddress.PeerAddress | undefined
): Sender => {
  if (claimed === undefined || !has(members, claimed)) return "Mismatch"
  const own = keyOf(members, claimed)
  if (own !== undefined && key !== undefined) return own === key ? "Verified" : "Mismatch"
  if (!hostsOf(members.behind, claimed).includes(host)) return "Mismatch"
  return Option.getOrElse(HashMap.get(members.atHost, host), () => 0) > 1 ? "SharedAddress" : "Verified"
}
