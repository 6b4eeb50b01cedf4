/** Addresses: those of this machine, and those that names of other hosts stand for. */
import { PeerAddress } from "@peerage/transport"
import { Effect, Result, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { lookup } from "node:dns/promises"
import { networkInterfaces } from "node:os"
import type { Address, Endpoint } from "./Values.ts"

const loopback = "127.0.0.1"

/** This machine's IPv4 address on its network, the first of several; the loopback address without any network. */
export const ownAddress = (): string =>
  Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? loopback

/** This machine's address for reaching another: the loopback address for one on the loopback. */
export const ownAddressTowards = (address: string): string => {
  const inet = NetAddress.inetAddressFromString(address)
  return Result.isSuccess(inet) && NetAddress.isLoopback(inet.success.address) ? loopback : ownAddress()
}

/** The host at which others in the same network find a listener; for one at every address, an address of this machine. */
export const hostFor = (address: NetAddress.InetAddress): string =>
  NetAddress.isUnspecified(address.address) ? ownAddress() : NetAddress.formatHost(address)

/** Where a peer listens, and its address for others: `own` for a peer that listens everywhere. */
export const listening = ({ host, port = 0 }: Endpoint, own: string) => ({
  listen: `${host}:${port}`,
  advertise: host === NetAddress.formatIp(NetAddress.ipv4Unspecified) ? own : undefined
})

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
