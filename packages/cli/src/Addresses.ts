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
export const ownAddressTowards = (address: string): string =>
  Result.match(NetAddress.inetAddressFromString(address), {
    onFailure: ownAddress,
    onSuccess: (inet) => NetAddress.isLoopback(inet.address) ? loopback : ownAddress()
  })

/** The host at which others in the same network find a listener; for one at every address, an address of this machine. */
export const hostFor = (address: NetAddress.InetAddress): string =>
  NetAddress.isUnspecified(address.address) ? ownAddress() : NetAddress.formatHost(address)

/** A name has no IPv4 address. */
export class NameNotFound extends Schema.TaggedError<NameNotFound>()("NameNotFound", { name: Schema.String }) {
  override get message() {
    return `No IPv4 address is known for the name ${this.name}. Check the name, or give the address.`
  }
}

/**
 * The address of an endpoint, `host:port`, with its name looked up as the system does: in its hosts file first, then by
 * DNS. `otherwise` is the port of an endpoint without one.
 */
export const addressOf = Effect.fnUntraced(function*({ host, port }: Endpoint, otherwise: number) {
  const literal = NetAddress.ipv4FromString(host)._tag === "Success"
  const found = Effect.tryPromise({
    try: () => lookup(host, { family: 4 }),
    catch: () => new NameNotFound({ name: host })
  })
  const address = literal ? host : (yield* found).address
  return `${address}:${port ?? otherwise}`
})

/** The address of a peer, with its name looked up. */
export const peerAddressOf = ({ host, port }: Address): Effect.Effect<PeerAddress.PeerAddress, NameNotFound> =>
  Effect.map(addressOf({ host, port }, port), (text) => PeerAddress.at(text.slice(0, text.lastIndexOf(":")), port))
