/** Networks of addresses, as limits and bans count them. */
import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"

// The interface behind a link-local address: `fe80::1%4`.
const zone = /%.*$/

/** The network of an IP address: its /24 for IPv4, its /64 for IPv6, on whatever interface. */
export const networkOf = (host: string): string =>
  host.includes(":")
    ? IpNetwork.format(IpNetwork.fromAddressUnsafe(NetAddress.ipFromStringUnsafe(host.replace(zone, "")), 64))
    : `${host.slice(0, host.lastIndexOf("."))}.0/24`
