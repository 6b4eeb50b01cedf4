/** Addresses: those of this machine, and those that names of other hosts stand for. */
import type { Address, Endpoint } from "@peerage/console/Address"
import { PeerAddress, Transport } from "@peerage/transport"
import { Effect, Result, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { lookup } from "node:dns/promises"
import { networkInterfaces } from "node:os"
import { enumerated } from "./room/Words.ts"

const loopback = "127.0.0.1"

/** This machine's IPv4 addresses on its networks. */
const ownAddresses = (): ReadonlyArray<string> =>
  Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
    .flatMap(({ address, family, internal }) => family === "IPv4" && !internal ? [address] : [])

/** The first of this machine's addresses on its networks; the loopback address without any network. */
export const ownAddress = (): string => ownAddresses()[0] ?? loopback

/** This machine's address that leads to another host; without such a route the first one, from which a dial says why. */
export const ownAddressTowards = Effect.fnUntraced(function*(address: string) {
  const { route } = yield* Transport.Transport
  const own = yield* route(NetAddress.inetAddressFromStringUnsafe(address).address)
  return own === undefined ? ownAddress() : NetAddress.formatIp(own)
})

/** The host at which others in the same network find a listener; for one at every address, an address of this machine. */
export const hostFor = (address: NetAddress.InetAddress): string =>
  NetAddress.isUnspecified(address.address) ? ownAddress() : NetAddress.formatHost(address)

/** A line for people about the other addresses of a listener at every address; none where there is only one. */
export const alsoAt = (
  address: NetAddress.InetAddress,
  addresses: ReadonlyArray<string> = ownAddresses()
): ReadonlyArray<string> => {
  const others = addresses.slice(1)
  return NetAddress.isUnspecified(address.address) && others.length > 0
    ? [`From its other networks this machine is reached at ${enumerated(others, "or")}.`]
    : []
}

/** Where a peer listens, at a free port unless one is given. */
export const listening = ({ host, port = 0 }: Endpoint): string => `${host}:${port}`

/** The endpoint of a peer that listens everywhere. */
export const everywhere: Endpoint = { host: NetAddress.formatIp(NetAddress.ipv4Unspecified) }

/** A name has no IPv4 address. */
export class NameNotFound extends Schema.TaggedError<NameNotFound>()("NameNotFound", { name: Schema.String }) {
  override get message() {
    return `No IPv4 address is known for the name ${this.name}. Check the name, or give the address.`
  }
}

/** Looks a name up as the system does: in its hosts file first, then by DNS. */
const ipOf = (host: string): Effect.Effect<string, NameNotFound> =>
  Result.isSuccess(NetAddress.ipv4FromString(host)) ? Effect.succeed(host) : Effect.tryPromise({
    try: () => lookup(host, { family: 4 }),
    catch: () => new NameNotFound({ name: host })
  }).pipe(Effect.map(({ address }) => address))

/** The address of an endpoint, `host:port`, with its name looked up. `otherwise` is the port of one without a port. */
export const addressOf = ({ host, port }: Endpoint, otherwise: number): Effect.Effect<string, NameNotFound> =>
  Effect.map(ipOf(host), (ip) => `${ip}:${port ?? otherwise}`)

/** The address of a peer, with its name looked up. */
export const peerAddressOf = ({ host, port }: Address): Effect.Effect<PeerAddress.PeerAddress, NameNotFound> =>
  Effect.map(ipOf(host), (ip) => PeerAddress.at(ip, port))
