/**
 * The IPv4 address and port at which a peer listens, as text: `host:port`. Protocols identify a peer by it.
 *
 * It is a branded string, so it can be compared, printed, and used as the key of a Map.
 */
import { type Brand, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"

/** `a.b.c.d:port`, with a port from 1 to 65535. */
export type PeerAddress = string & Brand.Brand<"@peerage/transport/PeerAddress">

// One regular expression, because lists of peers have thousands. No leading zeros, so that a peer has only one address.
const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"
const pattern = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}:([1-9]\\d{0,4})$`)
const lastPort = 65_535

const isPeerAddress = (text: unknown): text is PeerAddress => {
  const found = typeof text === "string" ? pattern.exec(text) : null
  return found !== null && Number(found[1]) <= lastPort
}

/** The Schema of a peer's address as text. */
export const PeerAddress = Schema.declare(isPeerAddress, {
  identifier: "PeerAddress",
  expected: "an IPv4 address with a port, as 10.0.0.2:49152"
})

/** The peer address of a socket address; `undefined` for IPv6 and port 0. */
export const fromInet = (inet: NetAddress.InetAddress): PeerAddress | undefined => {
  const text = NetAddress.formatInet(inet)
  return isPeerAddress(text) ? text : undefined
}

/** The peer address of a host and port; `undefined` when the host is not an IPv4 address or the port not 1 to 65535. */
export const from = (host: string, port: number): PeerAddress | undefined => {
  const text = `${host}:${port}`
  return isPeerAddress(text) ? text : undefined
}

/** `from` for a host and port that are known to be valid. Throws a `TypeError` for others. */
export const at = (host: string, port: number): PeerAddress => {
  const peer = from(host, port)
  if (peer === undefined) throw new TypeError(`not an IPv4 address with a port: ${host}:${port}`)
  return peer
}

/** Reads a peer address; `undefined` when the text is not one. */
export const parse = (text: string): PeerAddress | undefined => isPeerAddress(text) ? text : undefined

/** The IPv4 address, without the port. */
export const host = (peer: PeerAddress): string => peer.slice(0, peer.lastIndexOf(":"))

/** The port. */
export const port = (peer: PeerAddress): number => Number(peer.slice(peer.lastIndexOf(":") + 1))

// Cache: most dials repeat. Cleared when it is full.
const cacheSize = 4096
const addresses = new Map<PeerAddress, NetAddress.InetAddress>()

/** The socket address, as `Transport.dial` takes it. */
export const toInet = (peer: PeerAddress): NetAddress.InetAddress => {
  const known = addresses.get(peer)
  if (known !== undefined) return known
  const address = NetAddress.inetAddressFromStringUnsafe(peer)
  if (addresses.size >= cacheSize) addresses.clear()
  addresses.set(peer, address)
  return address
}
