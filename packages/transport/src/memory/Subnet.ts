/** Decides which addresses are broadcast addresses, and from which of its addresses a host sends. */
import { Result } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"

const loopbackBroadcast = "127.255.255.255"
const limitedBroadcast = "255.255.255.255"

/** The broadcast address of an IPv4 address's subnet; `undefined` for IPv6, which has none. */
export const broadcastOf = (address: string, prefix: number): string | undefined => {
  const parsed = Result.getOrThrow(NetAddress.ipFromString(address))
  if (!NetAddress.isIpv4Address(parsed)) return undefined
  return NetAddress.formatIp(IpNetwork.lastAddress(IpNetwork.fromAddressUnsafe(parsed, prefix)))
}

/** True when `destination` is a broadcast address for a host with these addresses. */
export const isBroadcast = (destination: string, addresses: ReadonlyArray<string>, prefix: number): boolean =>
  destination === limitedBroadcast || destination === loopbackBroadcast
  || addresses.some((address) => broadcastOf(address, prefix) === destination)

/** The broadcast address of the subnet that a broadcast reaches; `undefined` when it stays on the host. */
export const reachOf = (destination: string, source: string, prefix: number): string | undefined => {
  if (destination === loopbackBroadcast) return undefined
  return destination === limitedBroadcast ? broadcastOf(source, prefix) : destination
}

/** What decides from which address a host sends. */
export interface Sender {
  readonly addresses: ReadonlyArray<string>
  readonly network: { readonly settings: { readonly prefix: number } }
}

/**
 * The address a host sends from: the bound one, else the destination if it is its own, else its first in the
 * destination's subnet, else its first of the family.
 */
export const sourceFor = (bound: string, { addresses, network }: Sender, destination: string): string => {
  if (bound !== "0.0.0.0" && bound !== "::") return bound
  if (destination.startsWith("127.") || destination === "::1") return destination === "::1" ? "::1" : "127.0.0.1"
  if (addresses.includes(destination)) return destination
  const sameFamily = addresses.filter((address) => address.includes(":") === destination.includes(":"))
  const [first = bound, second] = sameFamily
  if (second === undefined) return first
  const { prefix } = network.settings
  const reached = broadcastOf(destination, prefix)
  return sameFamily.find((address) => reached !== undefined && broadcastOf(address, prefix) === reached) ?? first
}
