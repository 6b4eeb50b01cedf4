/** The ports of a peer: the one that the protocol fixes, and random private ones that others are told. */
import { Endpoint, type Listener, type Options, type Transport } from "@peerage/transport"
import { Effect, Random, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"

/** The port of the protocol. */
export const defaultPort = 4702

// RFC 6335: dynamic or private ports. The original keeps to 49000-51000 and dies when the one it drew is taken.
const firstPrivate = 49_152
const lastPrivate = 65_535
const tries = 32

/** Opens a listener on `port`, or on a random private one that is free. Fails with `ListenFailed`. */
export const onPrivatePort = (
  transport: Transport.Transport["Service"],
  host: NetAddress.IpAddress,
  port: number | undefined,
  options: Options.ListenOptions
): Effect.Effect<Listener.Listener, Endpoint.ListenFailed, Scope.Scope> => {
  if (port !== undefined) return Endpoint.listen(transport, NetAddress.inetAddressUnsafe(host, port), options)
  // The range ends with the last port: `nextIntBetween` takes both ends.
  const random = Effect.flatMap(
    Random.nextIntBetween(firstPrivate, lastPrivate),
    (drawn) => Endpoint.listen(transport, NetAddress.inetAddressUnsafe(host, drawn), options)
  ).pipe(
    // The caller chose no port: what is wrong, unless all of them are taken, is the address.
    Effect.mapError(({ code }) => new Endpoint.ListenFailed({ address: NetAddress.formatIp(host), code }))
  )
  // EACCES: the system keeps some ports for itself.
  return Effect.retry(random, { times: tries, while: ({ code }) => code === "EADDRINUSE" || code === "EACCES" })
}
