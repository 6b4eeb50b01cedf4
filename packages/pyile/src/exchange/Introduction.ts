/**
 * The joiner says where it takes chat and learns who is there.
 *
 *   joiner                                                host
 *     | ---- {"peer_address": ["10.0.0.2", 49317]} -------> |
 *     | <--- {"distro": [["10.0.0.1", 49265], ...]} ------- |
 *
 * The list begins with the host and ends with the joiner. Source: docs/wire/pyile.md, section 4, steps 3 and 4.
 */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import type { Link } from "@peerage/wire"
import { type Duration, Effect, Option, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { type Address, AddressClaim, PeerList } from "../codec/Message.ts"
import { ForeignAddress } from "../PyileError.ts"

/** Claims an address and waits for the list, in the host's order. */
export const initiate = Effect.fnUntraced(
  function*(link: Link.Link, self: PeerAddress.PeerAddress, within: Duration.Input) {
    yield* link.send(AddressClaim, { peer_address: toWire(self) })
    const { distro } = yield* link.receive(PeerList, within)
    return fromWire(distro, NetAddress.formatHost(link.remote))
  }
)

/** Waits for the claim and judges it. Fails with `ForeignAddress`, so that the caller's scope closes the connection. */
export const respond = Effect.fnUntraced(
  function*(link: Link.Link, trusted: boolean, within: Duration.Input) {
    const { peer_address: claimed } = yield* link.receive(AddressClaim, within)
    const remote = NetAddress.formatHost(link.remote)
    const peer = judge(claimed, remote, trusted)
    return peer ?? (yield* new ForeignAddress({ claimed: `${claimed.host}:${claimed.port}`, remote }))
  }
)

/**
 * The address a joiner will be known by. A claim of a wildcard or a name is replaced by the address the joiner really
 * has; one of somebody else's address is refused unless `trusted`.
 */
const judge = ({ host, port }: Address, remote: string, trusted: boolean): PeerAddress.PeerAddress | undefined => {
  if (!isConcrete(host)) return PeerAddress.from(remote, port)
  return trusted || host === remote ? PeerAddress.from(host, port) : undefined
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
  const peers = new Set<PeerAddress.PeerAddress>()
  for (const entry of distro) {
    const named = entry.host === wildcard ? undefined : PeerAddress.from(entry.host, entry.port)
    const peer = named ?? PeerAddress.from(host, entry.port)
    if (peer !== undefined) peers.add(peer)
  }
  return [...peers]
}

const wildcard = "0.0.0.0"

const isConcrete = (host: string): boolean =>
  Option.exists(Result.getSuccess(NetAddress.ipv4FromString(host)), (ip) => !NetAddress.isUnspecified(ip))
