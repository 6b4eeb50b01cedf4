/**
 * Converts addresses between Node's strings and Effect's `NetAddress`.
 *
 * Node reports an IPv4 peer of a dual-stack listener as `::ffff:192.0.2.1`. It becomes plain `192.0.2.1` here, so that
 * limits and bans see one address for one host.
 */
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type * as Net from "node:net"
import * as Os from "node:os"
import type { Ends } from "./NodePipe.ts"

const zones = () => NetAddress.scopeIdsFromInterfaces(Object.entries(Os.networkInterfaces()))

/** The host as `net.connect` and `listen` take it: without brackets, an IPv6 zone as the name of its interface. */
export const host = (address: NetAddress.InetAddress): string =>
  NetAddress.isInetAddressV6(address) && address.scopeId !== 0
    ? NetAddress.formatNativeHost(address, zones(), process.platform)
    : NetAddress.formatIp(address.address)

/** The canonical address of a host and port as Node reports them. */
export const fromNative = (host: string, port: number): NetAddress.InetAddress =>
  NetAddress.toCanonical(
    NetAddress.inetAddressFromNativeUnsafe(host, port, host.includes("%") ? zones() : undefined)
  )

/** The addresses of all interfaces of this host but the loopback, now. */
export const ofInterfaces: Effect.Effect<ReadonlyArray<NetAddress.IpAddress>> = Effect.sync(() =>
  Object.values(Os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .flatMap(({ address, internal }) => internal ? [] : [NetAddress.ipFromStringUnsafe(address)])
)

/** The addresses of a connection that are known without a system call. Wildcard addresses are ignored. */
export interface KnownEnds {
  readonly local?: NetAddress.InetAddress | undefined
  readonly remote?: NetAddress.InetAddress | undefined
}

const unlessWildcard = (address: NetAddress.InetAddress | undefined): NetAddress.InetAddress | undefined =>
  address === undefined || NetAddress.isUnspecified(address.address) ? undefined : NetAddress.toCanonical(address)

const reported = (host: string | undefined, port: number | undefined): NetAddress.InetAddress | undefined =>
  host === undefined || port === undefined ? undefined : fromNative(host, port)

/**
 * The addresses of both ends of a connected socket; `undefined` when the peer has already disconnected. `known` is the
 * listener's address for an accepted socket, and the dialed address for a dialed one.
 */
export const ends = (socket: Net.Socket, known: KnownEnds): Ends | undefined => {
  const remote = unlessWildcard(known.remote) ?? reported(socket.remoteAddress, socket.remotePort)
  if (remote === undefined) return undefined
  const local = unlessWildcard(known.local) ?? reported(socket.localAddress, socket.localPort)
  return local === undefined ? undefined : { local, remote }
}
