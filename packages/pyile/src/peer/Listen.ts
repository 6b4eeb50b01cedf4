/** Where a peer listens: addresses as people give them, and ports that others learn from us. */
import { type Listener, SocketFailure, type Transport } from "@peerage/transport"
import { Effect, Random, Result, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { ListenFailed, NotIpv4 } from "../PyileError.ts"

/** The port of the protocol. */
export const defaultPort = 4702

// RFC 6335: dynamic or private ports. The original keeps to 49000-51000 and dies when the one it drew is taken.
const firstPrivate = 49_152
const lastPrivate = 65_535
const tries = 32

/** Reads `host:port`, or `host` for a default port. Fails with `NotIpv4`, as the protocol is an IPv4 protocol. */
export const address = (text: string, defaultPort: number): Result.Result<NetAddress.InetAddressV4, NotIpv4> =>
  Result.match(NetAddress.inetAddressFromString(text.includes(":") ? text : `${text}:${defaultPort}`), {
    onFailure: () => Result.fail(new NotIpv4({ address: text })),
    onSuccess: (inet) =>
      NetAddress.isInetAddressV4(inet) ? Result.succeed(inet) : Result.fail(new NotIpv4({ address: text }))
  })

/** Opens a listener. Fails with `ListenFailed`. */
export const at = (
  transport: Transport.Transport["Service"],
  inet: NetAddress.InetAddress,
  options: Transport.ListenOptions
): Effect.Effect<Listener.Listener, ListenFailed, Scope.Scope> =>
  Effect.mapError(
    transport.listen(inet, options),
    (error) => new ListenFailed({ address: NetAddress.formatInet(inet), code: SocketFailure.errno(error) ?? "unknown" })
  )

/** Opens a listener on `port`, or on a random private one that is free. Fails with `ListenFailed`. */
export const privately = (
  transport: Transport.Transport["Service"],
  host: NetAddress.IpAddress,
  port: number | undefined,
  options: Transport.ListenOptions
): Effect.Effect<Listener.Listener, ListenFailed, Scope.Scope> => {
  if (port !== undefined) return at(transport, NetAddress.inetAddressUnsafe(host, port), options)
  // The range ends with the last port: `nextIntBetween` takes both ends.
  const random = Effect.flatMap(
    Random.nextIntBetween(firstPrivate, lastPrivate),
    (drawn) => at(transport, NetAddress.inetAddressUnsafe(host, drawn), options)
  ).pipe(
    // Nobody asked for that port: what is wrong, if not that it is taken, is the address.
    Effect.mapError(({ code }) => new ListenFailed({ address: NetAddress.formatIp(host), code }))
  )
  // EACCES: the system keeps some ports for itself.
  return Effect.retry(random, { times: tries, while: ({ code }) => code === "EADDRINUSE" || code === "EACCES" })
}
