/**
 * Addresses between Node's strings and Effect's `NetAddress`.
 *
 * An IPv4 peer of a dual-stack listener is reported by Node as `::ffff:192.0.2.1`; here it is plain `192.0.2.1`, so that
 * one host is one address to every limit and every ban, whichever way it came.
 */
import * as NetAddress from "effect/net/NetAddress"
import type * as Net from "node:net"
import * as Os from "node:os"
import type { Ends } from "./NodePipe.ts"

const zones = () => NetAddress.scopeIdsFromInterfaces(Object.entries(Os.networkInterfaces()))

/** What `net.connect` and `listen` take as a host: no brackets, an IPv6 zone by its interface's name. */
export const host = (address: NetAddress.InetAddress): string =>
  NetAddress.isInetAddressV6(address) && address.scopeId !== 0
    ? NetAddress.formatNativeHost(address, zones(), process.platform)
    : NetAddress.formatIp(address.address)

/** The canonical address behind a host and a port as Node reports them. */
export const fromNative = (host: string, port: number): NetAddress.InetAddress =>
  NetAddress.toCanonical(
    NetAddress.inetAddressFromNativeUnsafe(host, port, host.includes("%") ? zones() : undefined)
  )

/**
 * Both ends of a connected socket; `undefined` when its peer is gone already. One that was accepted at a `bound` address
 * has it for its own, unless that is a wildcard: the system need not be asked.
 */
export const ends = (socket: Net.Socket, bound?: NetAddress.InetAddress): Ends | undefined => {
  const { remoteAddress, remotePort } = socket
  if (remoteAddress === undefined || remotePort === undefined) return undefined
  const remote = fromNative(remoteAddress, remotePort)
  if (bound !== undefined && !NetAddress.isUnspecified(bound.address)) return { local: bound, remote }
  const { localAddress, localPort } = socket
  if (localAddress === undefined || localPort === undefined) return undefined
  return { local: fromNative(localAddress, localPort), remote }
}
