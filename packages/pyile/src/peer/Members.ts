/**
 * Who is in the network, as one peer knows it: the others in the host's order, what it knows of each, and which hosts
 * they are at. Plain data, changed by a pure function.
 */
import type { PeerKey } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { HashMap, HashSet, Option } from "effect"
import type { PyileEvent, Reason, Sender } from "../PyileEvent.ts"
import { counted, type Entry, hostsOf, type Index, indexed, type Listing } from "./MemberIndex.ts"

/** The members a peer knows, never with the peer itself. */
export interface Members<A> extends Listing<A>, Index<A> {}

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
    readonly peers: ReadonlySet<PeerAddress.PeerAddress>
    /** What is known of each of them. */
    readonly known: (peer: PeerAddress.PeerAddress) => A
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

const joined = (peer: PeerAddress.PeerAddress, key: PeerKey.PeerKey | undefined): Told[number] => ({
  _tag: "Joined",
  peer,
  ...(key === undefined ? {} : { key })
})

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
 * another key is another one. Members in the same place as before are the same; only others are looked for.
 */
const replace = <A>(members: Members<A>, change: Extract<Change<A>, { readonly _tag: "Listed" }>) => {
  const { keys = new Map(), known, peers, self } = change
  const hasKeys = keys.size > 0 || !HashMap.isEmpty(members.keys)
  const isKept = (peer: PeerAddress.PeerAddress) => !hasKeys || keyOf(members, peer) === keys.get(peer)
  const inOrder: Array<Entry<A>> = []
  const moved = new Set<PeerAddress.PeerAddress>()
  const missing = new Set<PeerAddress.PeerAddress>()
  for (const peer of peers) {
    if (peer === self) continue
    const value = known(peer)
    const before = members.inOrder[inOrder.length]
    const stays = before?.peer === peer && isKept(peer)
    inOrder.push(stays && before.value === value ? before : { peer, value })
    if (stays) continue
    moved.add(peer)
    if (before !== undefined) missing.add(before.peer)
  }
  for (const { peer } of members.inOrder.slice(inOrder.length)) missing.add(peer)
  const replaced: Members<A> = indexed({
    inOrder,
    behind: none.behind,
    keys: HashMap.fromIterable([...keys].filter(([peer]) => peer !== self && peers.has(peer))),
    own: members.own
  })
  const left = [...missing].filter((peer) => !moved.has(peer) || !isKept(peer))
  const came = [...moved].filter((peer) => !missing.has(peer) || !isKept(peer))
  const told: Told = [
    ...left.map((peer) => ({ _tag: "Left", peer, reason: "Unlisted" }) as const),
    ...came.map((peer) => joined(peer, keys.get(peer)))
  ]
  return [replaced, told] as const
}

/** The members after a change, and the events that tell it. */
export const step = <A>(members: Members<A>, change: Change<A>): readonly [Members<A>, Told] => {
  switch (change._tag) {
    case "Joined":
      return add(members, change)
    case "Left":
      return remove(members, change.peer, change.reason)
    case "Listed":
      return replace(members, change)
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
export const knows = <A>({ atHost, inOrder, keys, own, withKey }: Members<A>, { host, key }: Origin): boolean => {
  if (key !== undefined && HashMap.has(withKey, key)) return true
  const isLeftToAddress = key === undefined || HashMap.size(keys) < inOrder.length
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
