/**
 * The addresses by which a peer is known. A peer with an address of its own is known to all by that one. One that listens
 * at all addresses of its machine is known to each other peer by the address that leads there.
 */
import { PeerAddress, type Transport } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"

/** How a peer is named. */
export interface Naming {
  /** One name for people: of several addresses the first. */
  readonly self: PeerAddress.PeerAddress
  /** The name over a connection whose own end is at `local`. */
  readonly over: (local: NetAddress.InetAddress) => PeerAddress.PeerAddress
  /** The name for another host; `undefined` where that could not reach this peer. */
  readonly towards: (other: NetAddress.IpAddress) => Effect.Effect<PeerAddress.PeerAddress | undefined>
  /** Tells which names are this peer's own, as the addresses of its machine are now. */
  readonly isSelf: Effect.Effect<(peer: PeerAddress.PeerAddress) => boolean>
  /** The addresses of this machine from which it asks for others. */
  readonly asks: Effect.Effect<ReadonlyArray<NetAddress.IpAddress>>
}

/** The IPv4 addresses of this machine's networks; the loopback address where it is on none. */
const networksOf = ({ addresses }: Transport.Transport["Service"]): Naming["asks"] =>
  Effect.map(addresses, (all) => {
    const networks = all.filter(NetAddress.isIpv4Address)
    return networks.length === 0 ? [NetAddress.ipv4Loopback] : networks
  })

/** Names a peer that listens at `address`, and is known by `advertised` where that is given. */
export const make = Effect.fnUntraced(function*(
  transport: Transport.Transport["Service"],
  address: NetAddress.InetAddress,
  advertised: NetAddress.IpAddress | undefined
): Effect.fn.Return<Naming> {
  const at = (ip: NetAddress.IpAddress) => PeerAddress.at(NetAddress.formatIp(ip), address.port)
  const everywhere = NetAddress.isUnspecified(address.address)
  const asks = everywhere ? networksOf(transport) : Effect.succeed([address.address])
  const only = advertised ?? (everywhere ? undefined : address.address)
  if (only === undefined) {
    const [first = NetAddress.ipv4Loopback] = yield* asks
    return {
      self: at(first),
      over: (local) => at(local.address),
      towards: (other) => Effect.map(transport.route(other), (own) => own && at(own)),
      isSelf: Effect.map(asks, (own) => {
        const names = new Set([...own, NetAddress.ipv4Loopback].map(at))
        return (peer) => names.has(peer)
      }),
      asks
    }
  }
  const self = at(only)
  const isHere = (other: NetAddress.IpAddress) =>
    Effect.map(
      transport.route(other),
      (own) => own !== undefined && NetAddress.isLoopback(own) || `${own}` === `${other}`
    )
  return {
    self,
    over: () => self,
    // Nobody elsewhere reaches a loopback address.
    towards: (other) =>
      NetAddress.isLoopback(only)
        ? Effect.map(isHere(other), (here) => here ? self : undefined)
        : Effect.succeed(self),
    isSelf: Effect.succeed((peer) => peer === self),
    asks
  }
})
