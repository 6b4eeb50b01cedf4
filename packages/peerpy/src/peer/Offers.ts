/** Connections that others open: each in a fiber of its own, so that a silent or a hostile one delays nobody. */
import { Endpoint, type Listener, type Pipe } from "@peerage/transport"
import { Cause, Effect, FiberSet, Queue, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { ConnectError } from "../PeerPyError.ts"
import type { AnyConnection } from "./Connection.ts"
import * as Establishing from "./Establishing.ts"

/** Lives with a connection that another peer opened; it closes when this ends. */
export type Serve = (connection: AnyConnection) => Effect.Effect<void>

/** Lets what arrives be events, as long as the connection is there. */
export const listen: Serve = (connection) =>
  Effect.asVoid(Effect.raceFirst(
    Effect.forever(Effect.ignore(connection.receive), { disableYield: true }),
    connection.closed
  ))

/** Never succeeds: takes connections for the scope's life. */
export const receive = Effect.fnUntraced(function*(
  { accepted }: Listener.Listener,
  household: Establishing.Household,
  serve: Serve
): Effect.fn.Return<never, never, Scope.Scope> {
  const sessions = yield* FiberSet.make()
  while (true) {
    for (const pipe of yield* Queue.takeAll(accepted)) yield* FiberSet.run(sessions, session(household, pipe, serve))
  }
})

const session = (household: Establishing.Household, pipe: Pipe.Pipe, serve: Serve): Effect.Effect<void> =>
  Effect.gen(function*() {
    const established = Effect.tapError(
      Establishing.respond(household, pipe),
      (reason) => turnedAway(household, pipe, reason)
    )
    const connection = yield* established
    yield* Effect.raceFirst(serve(connection), Effect.asVoid(connection.closed))
  }).pipe(
    Effect.scoped,
    Effect.catchCause((cause) => Cause.hasDies(cause) ? Effect.logError("a connection failed", cause) : Effect.void),
    Effect.withSpan("PeerPy.session", { attributes: { remote: NetAddress.formatInet(pipe.remote) } })
  )

/** Tells who was turned away and why. One that just went away again was nobody. */
const turnedAway = (
  { events }: Establishing.Household,
  { remote }: Pipe.Pipe,
  reason: ConnectError["reason"]
): Effect.Effect<void> =>
  reason._tag === "PeerClosed" || reason._tag === "SocketError"
    ? Effect.void
    : events.publish([{ _tag: "Rejected", host: NetAddress.formatHost(remote), reason: Endpoint.reasonOf(reason) }])
