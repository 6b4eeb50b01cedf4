/** Listening on a port that others learn from us: random in the private range, another one where it is taken. */
import { type Listener, SocketFailure, type Transport } from "@peerage/transport"
import { Effect, Random, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { ListenFailed } from "../PyileError.ts"

// RFC 6335: dynamic or private ports. The original keeps to 49000-51000 and dies when the one it drew is taken.
const first = 49_152
const last = 65_535
const tries = 32

/** Opens a listener on `port`, or on a random private one. Fails with `ListenFailed`. */
export const listen = (
  transport: Transport.Transport["Service"],
  host: NetAddress.IpAddress,
  port: number | undefined,
  options: Transport.ListenOptions
): Effect.Effect<Listener.Listener, ListenFailed, Scope.Scope> => {
  const attempt = Effect.gen(function*() {
    const address = NetAddress.inetAddressUnsafe(host, port ?? (yield* Random.nextIntBetween(first, last)))
    return yield* Effect.mapError(transport.listen(address, options), (error) =>
      new ListenFailed({ address: NetAddress.formatInet(address), code: SocketFailure.errno(error) ?? "unknown" }))
  })
  return port === undefined
    ? Effect.retry(attempt, { times: tries, while: (error) => error.code === "EADDRINUSE" })
    : attempt
}
