/** Readers of addresses: a host, by IPv4 address or by name, and perhaps a port. All pure. */
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { printable } from "../Printable.ts"
import { mistakenAddress } from "./Mistaken.ts"
import { port } from "./Numbers.ts"
import type { Reader } from "./Reader.ts"

/** A host and perhaps a port. */
export interface Endpoint {
  readonly host: string
  readonly port?: number | undefined
  /** The key that has to answer there, where an invitation says it. */
  readonly key?: PeerKey | undefined
}

/** A host and its port. */
export interface Address extends Endpoint {
  readonly port: number
}

/** Whether a text is an IPv4 address without a port. */
export const isIpv4 = (text: string): boolean => Result.isSuccess(NetAddress.ipv4FromString(text))

const name = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i
const numeric = /^[\d.]+$/
const isHost = (host: string) => isIpv4(host) || (name.test(host) && !numeric.test(host))

/** Makes a reader of endpoints; `wanted` is what they should have been. */
export const endpoint =
  (isHost: (host: string) => boolean, readPort: Reader<number>, wanted: string): Reader<Endpoint> => (text) => {
    const colon = text.lastIndexOf(":")
    const host = colon === -1 ? text : text.slice(0, colon)
    const port = colon === -1 ? Result.succeed(undefined) : readPort(text.slice(colon + 1))
    if (!isHost(host)) return Result.fail(mistakenAddress(text, "an address") ?? wanted)
    return Result.map(
      Result.mapError(port, (wanted) => mistakenAddress(text, "an address") ?? `${wanted} after the colon`),
      (port) => ({ host, port })
    )
  }

/** Makes a reader of endpoints that must have a port. */
export const withPort =
  (isHost: (host: string) => boolean, readPort: Reader<number>, wanted: string): Reader<Address> => (text) =>
    Result.flatMap(
      endpoint(isHost, readPort, wanted)(text),
      ({ host, port }) => port === undefined ? Result.fail(wanted) : Result.succeed({ host, port })
    )

/** Another host's address: IPv4 or a name to look up, with a port or not. */
export const remote: Reader<Endpoint> = endpoint(
  isHost,
  port,
  "an IPv4 address or a name, with or without a port, such as 192.0.2.1:4702"
)

/** Another host's address, IPv4 or a name to look up, and its port. */
export const remoteAddress: Reader<Address> = withPort(
  isHost,
  port,
  "an IPv4 address or a name, and a port from 1 to 65535, such as 192.0.2.1:5000"
)

/** The same; the failure is a whole sentence. */
export const peerAddress: Reader<Address> = (text) =>
  Result.mapError(remoteAddress(text), (wanted) => `"${printable(text)}" is no peer: this takes ${wanted}.`)
