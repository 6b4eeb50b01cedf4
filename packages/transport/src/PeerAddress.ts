/**
 * The name of a peer in protocols that name a peer by the IPv4 address and port at which it listens: `host:port`.
 *
 * A branded string, so that it compares, keys a Map and prints as what it is.
 */
import { type Brand, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"

/** `a.b.c.d:port` with port 1 to 65535. */
export type PeerAddress = string & Brand.Brand<"@peerage/transport/PeerAddress">

// In one go, as a list of peers has thousands: no octet and no port with a leading zero, so that a peer has one name.
const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"
const pattern = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}:([1-9]\\d{0,4})$`)
const lastPort = 65_535

const isPeerAddress = (text: unknown): text is PeerAddress => {
  const found = typeof text === "string" ? pattern.exec(text) : null
  return found !== null && Number(found[1]) <= lastPort
}

/** The Schema of a peer's name as text. */
export const PeerAddress = Schema.declare(isPeerAddress, {
  identifier: "PeerAddress",
  expected: "an IPv4 address with a port, as 10.0.0.2:49152"
})

/** The name of the peer at an address; `undefined` for IPv6 and port 0. */
export const fromInet = (inet: NetAddress.InetAddress): PeerAddress | undefined => {
  const text = NetAddress.formatInet(inet)
  return isPeerAddress(text) ? text : undefined
}

/** The name of the peer at a host and port; `undefined` when the host is not an IPv4 address or the port not 1 to 65535. */
export const from = (host: string, port: number): PeerAddress | undefined => {
  const text = `${host}:${port}`
  return isPeerAddress(text) ? text : undefined
}

/** The name of the peer at a host and port that are known to be an IPv4 address and a port. Dies of others. */
export const at = (host: string, port: number): PeerAddress => {
  const peer = from(host, port)
  if (peer === undefined) throw new TypeError(`not an IPv4 address with a port: ${host}:${port}`)
  return peer
}

/** Reads a name typed by a person; `undefined` when it is none. */
export const parse = (text: string): PeerAddress | undefined => isPeerAddress(text) ? text : undefined

/** The host part. */
export const host = (peer: PeerAddress): string => peer.slice(0, peer.lastIndexOf(":"))

/** The port part. */
export const port = (peer: PeerAddress): number => Number(peer.slice(peer.lastIndexOf(":") + 1))

/** Addresses remembered, as who is dialed is mostly dialed again; all are forgotten when there are more. */
const remembered = 4096
const addresses = new Map<PeerAddress, NetAddress.InetAddress>()

/** The address to dial. */
export const toInet = (peer: PeerAddress): NetAddress.InetAddress => {
  const known = addresses.get(peer)
  if (known !== undefined) return known
  const address = NetAddress.inetAddressFromStringUnsafe(peer)
  if (addresses.size >= remembered) addresses.clear()
  addresses.set(peer, address)
  return address
}
