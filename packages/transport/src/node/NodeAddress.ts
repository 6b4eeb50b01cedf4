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

/** What is known of a connection's ends without asking the system; wildcards say nothing. */
export interface Known {
  readonly local?: NetAddress.InetAddress | undefined
  readonly remote?: NetAddress.InetAddress | undefined
}

const known = (address: NetAddress.InetAddress | undefined): NetAddress.InetAddress | undefined =>
  address === undefined || NetAddress.isUnspecified(address.address) ? undefined : NetAddress.toCanonical(address)

const ask = (host: string | undefined, port: number | undefined): NetAddress.InetAddress | undefined =>
  host === undefined || port === undefined ? undefined : fromNative(host, port)

/**
 * Both ends of a connected socket; `undefined` when its peer is gone already. One that was accepted has its listener's
 * address for its own, and one that was dialed has at the other end the address that was dialed.
 */
export const ends = (socket: Net.Socket, { local, remote }: Known): Ends | undefined => {
  const there = known(remote) ?? ask(socket.remoteAddress, socket.remotePort)
  if (there === undefined) return undefined
  const here = known(local) ?? ask(socket.localAddress, socket.localPort)
  return here === undefined ? undefined : { local: here, remote: there }
}
