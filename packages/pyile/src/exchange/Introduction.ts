/**
 * The joiner says where it takes chat and learns who is there.
 *
 *   joiner                                                host
 *     | ---- {"peer_address": ["10.0.0.2", 49317]} -------> |
 *     | <--- {"distro": [["10.0.0.1", 49265], ...]} ------- |
 *
 * The list begins with the host and ends with the joiner. A host that does not admit the joiner says why instead:
 *
 *     | <--- {"refused": "ForeignAddress", "remote": ["203.0.113.9", 40112]} ---- |
 *
 * On a transport with keys the list has the keys of the peers too (docs/wire/pyile.md, section 11).
 *
 * Source: docs/wire/pyile.md, section 4, steps 3 and 4.
 */
import type { PeerKey } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import type { Link } from "@peerage/wire"
import { type Duration, Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { type Address, AddressClaim, ClaimAnswer, type PeerList, Refusal } from "../codec/Message.ts"
import { AddressTaken, ForeignAddress, TooMany } from "../PyileError.ts"

/** Who is in a network, as its host says. */
export interface Roster {
  /** In the host's order. */
  readonly peers: ReadonlySet<PeerAddress.PeerAddress>
  /** The keys that they have joined with, on a transport with keys. */
  readonly keys: ReadonlyMap<PeerAddress.PeerAddress, PeerKey.PeerKey>
}

/** Claims an address and waits for the list. Fails with why the host does not admit the joiner. */
export const initiate = Effect.fnUntraced(
  function*(link: Link.Link, self: PeerAddress.PeerAddress, within: Duration.Input) {
    yield* link.send(AddressClaim, { peer_address: toWire(self) })
    const answer = yield* link.receiveLong(ClaimAnswer, within)
    if ("refused" in answer) return yield* reasonOf(answer, self)
    return rosterOf(answer, link)
  }
)

const reasonOf = (refusal: Refusal, claimed: string): ClaimRefused => {
  switch (refusal.refused) {
    case "TooMany":
      return new TooMany({ of: "members", limit: refusal.limit })
    case "AddressTaken":
      return new AddressTaken({ address: claimed })
    case "ForeignAddress":
      return new ForeignAddress({ claimed, remote: printable(refusal.remote.host) })
  }
}

/** Why a host does not admit a joiner that knows the password. */
export type ClaimRefused = AddressTaken | ForeignAddress | TooMany

const toRefusal = (error: ClaimRefused, { remote }: Link.Link): Refusal => {
  switch (error._tag) {
    case "TooMany":
      return { refused: "TooMany", limit: error.limit }
    case "AddressTaken":
      return { refused: "AddressTaken" }
    case "ForeignAddress":
      return { refused: "ForeignAddress", remote: { host: NetAddress.formatHost(remote), port: remote.port } }
  }
}

/** Says why the joiner is not admitted, then fails with it, so that the caller's scope closes the connection. */
export const refuse = (link: Link.Link, error: ClaimRefused) =>
  Effect.andThen(link.send(Refusal, toRefusal(error, link)), Effect.fail(error))

/** Waits for the claim and judges it. Refuses with `ForeignAddress`. */
export const respond = Effect.fnUntraced(
  function*(link: Link.Link, trusted: boolean, within: Duration.Input) {
    const { peer_address: claimed } = yield* link.receive(AddressClaim, within)
    const remote = NetAddress.formatHost(link.remote)
    const peer = judge(claimed, remote, trusted)
    return peer ??
      (yield* refuse(link, new ForeignAddress({ claimed: printable(`${claimed.host}:${claimed.port}`), remote })))
  }
)

/**
 * The address a joiner will be known by. A claim of a wildcard or a name is replaced by the address the joiner really
 * has; one of somebody else's address is refused unless `trusted`.
 */
const judge = ({ host, port }: Address, remote: string, trusted: boolean): PeerAddress.PeerAddress | undefined => {
  const named = namedBy({ host, port })
  if (named === undefined) return PeerAddress.from(remote, port)
  return trusted || host === remote ? named : undefined
}

/** An address as the wire has it. */
export const toWire = (peer: PeerAddress.PeerAddress): Address => ({
  host: PeerAddress.host(peer),
  port: PeerAddress.port(peer)
})

/**
 * A list as names of peers, without repetitions.
 *
 * Quirk: an original host puts the address it was bound to in front, which may be a wildcard or a name. It is reached
 * where it was reached before, so `host` stands in for it. What is no address at all is left out.
 */
export const fromWire = (
  distro: ReadonlyArray<Address>,
  host: string
): ReadonlyArray<PeerAddress.PeerAddress> => {
  const peers = new Set(distro.map((entry) => named(entry, host)))
  return [...peers].filter((peer) => peer !== undefined)
}

const named = (entry: Address, host: string): PeerAddress.PeerAddress | undefined =>
  namedBy(entry) ?? PeerAddress.from(host, entry.port)

/** The host that a list came from: where it was reached, and its key. */
interface Source {
  readonly host: string
  readonly identity: PeerKey.PeerKey | undefined
}

// Peers of one process share a list that they all received, and what it says.
const rosters = new WeakMap<PeerList, Source & { readonly roster: Roster }>()

/** What a list says that came over `link` from the host, whose own key is the link's. */
export const rosterOf = (list: PeerList, { identity, remote }: Pick<Link.Link, "identity" | "remote">): Roster => {
  const host = NetAddress.formatHost(remote)
  const known = rosters.get(list)
  if (known !== undefined && known.host === host && known.identity === identity) return known.roster
  const roster = read(list, { host, identity })
  rosters.set(list, { host, identity, roster })
  return roster
}

const read = ({ distro, keys = [] }: PeerList, { host, identity }: Source): Roster => {
  const known = new Map<PeerAddress.PeerAddress, PeerKey.PeerKey>()
  for (const [index, entry] of distro.entries()) {
    const peer = named(entry, host)
    const key = index === 0 ? identity : keys[index] ?? undefined
    if (peer !== undefined && key !== undefined && !known.has(peer)) known.set(peer, key)
  }
  return { peers: new Set(fromWire(distro, host)), keys: known }
}

// What a peer wrote, for the log.
const printable = (text: string): string => text.replace(/\p{C}/gu, "")

const wildcard = "0.0.0.0"

/** The peer at an address; `undefined` where it is a wildcard, a name, or has no port. */
const namedBy = ({ host, port }: Address): PeerAddress.PeerAddress | undefined =>
  host === wildcard ? undefined : PeerAddress.from(host, port)
