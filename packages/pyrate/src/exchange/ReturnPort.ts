/**
 * A local port that is dialed from and listened on at once: the peer that is asked over one connection dials back over
 * another. Any other peer is reset at once, as the port is known to more than the peer that was asked.
 * (docs/wire/pyrate.md, sections 2.1 and 5.)
 */
import { Endpoint } from "@peerage/transport"
import { ByteLink } from "@peerage/wire"
import { Deferred, Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import * as Remote from "./Remote.ts"

type Failure = Endpoint.ListenFailed | Endpoint.Unreachable | SocketError

// Another program may take a port between finding it free and dialing from it.
const tries = 16
const isTaken = (error: Failure): boolean =>
  error._tag === "ListenFailed"
  || (error._tag === "Unreachable" && (error.code === "EADDRINUSE" || error.code === "EADDRNOTAVAIL"))

/**
 * Dials from a free port and listens on it, for the scope's life. `link` is the connection to ask over; `back` waits,
 * without a limit, for the first connection that comes back from the dialed address.
 */
export const open = Effect.fnUntraced(function*(remote: Remote.Remote) {
  const { link, listener } = yield* Effect.retry(bothOnOnePort(remote), { times: tries, while: isTaken })
  const back = yield* Deferred.make<ByteLink.ByteLink>()
  const holder = NetAddress.formatHost(remote.address)
  // Keeps the first connection from the holder open, and resets all others.
  const admit = ByteLink.serve(listener, (link) =>
    NetAddress.formatHost(link.remote) !== holder
      ? link.reset
      : Effect.flatMap(Deferred.succeed(back, link), (isFirst) => isFirst ? Effect.never : link.reset))
  yield* Effect.forkScoped(admit)
  return { link, back: Deferred.await(back) }
})

const anyPort = NetAddress.inetAddressUnsafe(NetAddress.ipv4Unspecified, 0)

/** Listens second: a port that is listened on cannot be dialed from. */
const bothOnOnePort = Effect.fnUntraced(function*(remote: Remote.Remote) {
  const { address: { port } } = yield* Effect.scoped(Endpoint.listen(remote.transport, anyPort))
  const link = yield* Remote.dial(remote, port)
  const listener = yield* Effect.tapError(
    Endpoint.listen(remote.transport, link.local, { maxConnections: 16 }),
    // The next try dials from another port; meanwhile this connection would keep an original from serving others.
    () => link.reset
  )
  return { listener, link }
})
