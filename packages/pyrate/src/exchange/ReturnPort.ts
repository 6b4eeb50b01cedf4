/**
 * A local port that is dialed from and listened on at once: whom something was asked over the one connection dials back
 * over another. Whoever else dials is reset, at once: the port is known to more than the one that was asked.
 * (PYRATE.md, sections 2.1 and 5.)
 */
import { Endpoint, type Listener, type Pipe, type Transport } from "@peerage/transport"
import { Deferred, Effect, Queue, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { PyrateConfig } from "../PyrateConfig.ts"

/** Whom to ask, and how. */
export interface Asking {
  readonly transport: Transport.Transport["Service"]
  readonly address: NetAddress.InetAddress
  readonly config: PyrateConfig
}

/** The two connections. They and the port are closed with the scope. */
export interface ReturnPort {
  /** The one to ask over. */
  readonly pipe: Pipe.Pipe
  /** The first one that comes back from the address that was dialed. Waits for it as long as need be. */
  readonly back: Effect.Effect<Pipe.Pipe>
}

type Failure = Endpoint.ListenFailed | Endpoint.Unreachable | SocketError

// Another program may take a port between finding it free and dialing from it.
const tries = 16
const taken = (error: Failure): boolean =>
  error._tag === "ListenFailed"
  || (error._tag === "Unreachable" && (error.code === "EADDRINUSE" || error.code === "EADDRNOTAVAIL"))

/** Dials from a free port and listens on it. */
export const open = Effect.fnUntraced(function*(asking: Asking): Effect.fn.Return<ReturnPort, Failure, Scope.Scope> {
  const { listener, pipe } = yield* Effect.retry(bothOnOnePort(asking), { times: tries, while: taken })
  const back = yield* Deferred.make<Pipe.Pipe>()
  yield* Effect.forkScoped(admit(listener, NetAddress.formatHost(asking.address), back))
  return { pipe, back: Deferred.await(back) }
})

/** Listening comes second: a port that is listened on cannot be dialed from. */
const bothOnOnePort = Effect.fnUntraced(function*({ address, config, transport }: Asking) {
  const port = yield* Effect.scoped(Effect.map(
    Endpoint.listen(transport, NetAddress.inetAddressUnsafe(NetAddress.ipv4Unspecified, 0)),
    (listener) => listener.address.port
  ))
  const dial = transport.connect(address, { from: { port }, connectTimeout: config.connectTimeout })
  const pipe = yield* Effect.acquireRelease(
    Effect.mapError(dial, Endpoint.unreachable(address)),
    (pipe) => Effect.sync(() => pipe.close())
  )
  const listener = yield* Effect.tapError(
    Endpoint.listen(transport, pipe.local, { maxConnections: 16 }),
    // Another try dials from another port; meanwhile this connection would keep an original from serving anybody.
    () => Effect.sync(() => pipe.reset())
  )
  return { listener, pipe }
})

/** Never ends: lets the first one from `host` in, and nobody else. */
const admit = Effect.fnUntraced(function*(
  { accepted }: Listener.Listener,
  host: string,
  back: Deferred.Deferred<Pipe.Pipe>
): Effect.fn.Return<never, never, Scope.Scope> {
  let first: Pipe.Pipe | undefined
  yield* Effect.addFinalizer(() => Effect.sync(() => first?.close()))
  while (true) {
    const pipe = yield* Queue.take(accepted)
    if (first !== undefined || NetAddress.formatHost(pipe.remote) !== host) {
      pipe.reset()
      continue
    }
    first = pipe
    yield* Deferred.succeed(back, pipe)
  }
})
