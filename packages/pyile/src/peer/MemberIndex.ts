/**
 * A list of members, and what is looked up in it: a member's value, which hosts members are at, which keys they have.
 * Plain data.
 */
import type { PeerKey } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { HashMap, HashSet, Option } from "effect"

/** A member, and what is known of it. */
export interface Entry<A> {
  readonly peer: PeerAddress.PeerAddress
  readonly value: A
}

/** The members, and what is told of them. */
export interface Listing<A> {
  readonly inOrder: ReadonlyArray<Entry<A>>
  /** The hosts that members come from, as behind NAT, where their addresses name others. */
  readonly behind: HashMap.HashMap<PeerAddress.PeerAddress, string>
  /** The keys that members have joined with, on a transport with keys. */
  readonly keys: HashMap.HashMap<PeerAddress.PeerAddress, PeerKey.PeerKey>
  /** The hosts at which the peer itself is known. */
  readonly own: HashSet.HashSet<string>
}

/** What is looked up of the members. It follows from the listing. */
export interface Index<A> {
  readonly byPeer: HashMap.HashMap<PeerAddress.PeerAddress, A>
  /** How many members are at each host, by their addresses and by where they come from. */
  readonly atHost: HashMap.HashMap<string, number>
  /** How many members have joined with each key. */
  readonly withKey: HashMap.HashMap<string, number>
}

/** The counts with one member more or less at each of these hosts, or with these keys. */
export const counted = (
  counts: HashMap.HashMap<string, number>,
  names: ReadonlyArray<string>,
  difference: 1 | -1
): HashMap.HashMap<string, number> =>
  names.reduce((counts, name) =>
    HashMap.modifyAt(counts, name, (there) => {
      const count = Option.getOrElse(there, () => 0) + difference
      return count === 0 ? Option.none() : Option.some(count)
    }), counts)

/** The host of a member's address, and the one it comes from where that is another. */
export const hostsOf = (behind: Listing<unknown>["behind"], peer: PeerAddress.PeerAddress): ReadonlyArray<string> => [
  PeerAddress.host(peer),
  ...Option.toArray(HashMap.get(behind, peer))
]

/** A list whose index is made when it is first asked for: while a network grows, most lists are replaced before that. */
export const indexed = <A>(listing: Listing<A>): Listing<A> & Index<A> => {
  let index: Index<A> | undefined
  const make = (): Index<A> => index ??= indexOf(listing)
  return {
    ...listing,
    get byPeer() {
      return make().byPeer
    },
    get atHost() {
      return make().atHost
    },
    get withKey() {
      return make().withKey
    }
  }
}

const indexOf = <A>({ behind, inOrder, keys }: Listing<A>): Index<A> => ({
  byPeer: HashMap.fromIterable(inOrder.map(({ peer, value }) => [peer, value] as const)),
  atHost: counted(HashMap.empty(), inOrder.flatMap(({ peer }) => hostsOf(behind, peer)), 1),
  withKey: counted(HashMap.empty(), [...HashMap.values(keys)], 1)
})
