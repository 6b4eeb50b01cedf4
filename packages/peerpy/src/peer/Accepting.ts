/** Connections that others open: each in a fiber of its own, so that a silent or a hostile one delays no other. */
import type { Listener, Pipe } from "@peerage/transport"
import { Traced } from "@peerage/wire"
import { Cause, Effect, FiberSet, Queue, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Serve } from "./Connection.ts"
import * as Establishing from "./Establishing.ts"
import type { PeerContext } from "./PeerContext.ts"

/** Drops what arrives, which is in the events, as long as the connection is there. */
export const drain: Serve = (connection) =>
  Effect.asVoid(Effect.raceFirst(
    Effect.forever(Effect.ignore(connection.receive), { disableYield: true }),
    connection.closed
  ))

/** Never succeeds: takes connections for the scope's life. */
export const run = Effect.fnUntraced(function*(
  { accepted }: Listener.Listener,
  context: PeerContext,
  serve: Serve
): Effect.fn.Return<never, never, Scope.Scope> {
  const sessions = yield* FiberSet.make()
  while (true) {
    for (const pipe of yield* Queue.takeAll(accepted)) {
      // At once: a fiber that is interrupted before its first step would not close its connection.
      yield* FiberSet.run(sessions, session(context, pipe, serve), { startImmediately: true })
    }
  }
})

const session = (context: PeerContext, pipe: Pipe.Pipe, serve: Serve): Effect.Effect<void> =>
  Effect.gen(function*() {
    const connection = yield* Effect.tapError(
      Establishing.respond(context, pipe),
      // A peer that disconnected early is not reported.
      (reason) =>
        reason._tag === "PeerClosed" || reason._tag === "SocketError"
          ? Effect.void
          : context.events.publish([
            { _tag: "Rejected", host: NetAddress.formatHost(pipe.remote), reason: reason._tag }
          ])
    )
    yield* Effect.raceFirst(serve(connection), Effect.asVoid(connection.closed))
  }).pipe(
    Effect.scoped,
    Effect.catchCause((cause) => Cause.hasDies(cause) ? Effect.logError("a connection failed", cause) : Effect.void),
    Traced.withSpan("PeerPy.session", () => ({ remote: NetAddress.formatInet(pipe.remote) }))
  )
