/**
 * The joiners' dist connections as they come in, and who waits for them.
 *
 * A dist connection carries no identity but its address, so joiners behind one address are invited one at a time.
 */
import type { Listener, Pipe } from "@peerage/transport"
import { Deferred, Effect, HashMap, Option, Queue, RcMap, Ref, type Scope, Semaphore } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { DistConnection, DistListener } from "../../exchange/Distribution.ts"

/** The listener for dist connections. */
export interface DistConnections extends DistListener {
  readonly port: number
}

/** Takes dist connections for the scope's life. One that nobody waits for is closed. */
export const make = Effect.fnUntraced(function*(
  listener: Listener.Listener
): Effect.fn.Return<DistConnections, never, Scope.Scope> {
  const expected = yield* Ref.make(HashMap.empty<string, DistConnection>())
  const turns = yield* RcMap.make({ lookup: (_host: string) => Semaphore.make(1) })

  const inTurn = <A, E, R>(host: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.scoped(Effect.flatMap(RcMap.get(turns, host), (turn) => turn.withPermit(effect)))

  /** Removes the waiting joiner of a host, and gives it. */
  const claim = (host: string) =>
    Ref.modify(expected, (waiting) => [HashMap.get(waiting, host), HashMap.remove(waiting, host)])

  const accept = Effect.fnUntraced(function*(pipe: Pipe.Pipe) {
    const waiting = yield* claim(NetAddress.formatHost(pipe.remote))
    if (Option.isNone(waiting) || !(yield* Deferred.succeed(waiting.value, pipe))) pipe.close()
  })

  yield* Effect.forkScoped(
    Effect.forever(
      Effect.flatMap(Queue.takeAll(listener.accepted), (pipes) => Effect.forEach(pipes, accept, { discard: true }))
    )
  )
  return {
    port: listener.address.port,
    expect: (host, connection, invite) => {
      const expecting = Ref.update(expected, HashMap.set(host, connection))
      return inTurn(host, Effect.ensuring(Effect.andThen(expecting, invite), claim(host)))
    }
  }
})

/** Runs `use` with a dist connection that is to come. It is closed when `use` ends, or if it is later, as it comes. */
export const during = <A, E, R>(
  use: (connection: DistConnection) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(Deferred.make<Pipe.Pipe>(), use, (connection) =>
    Effect.gen(function*() {
      const never = yield* Deferred.interrupt(connection)
      if (!never) (yield* Deferred.await(connection)).close()
    }))
