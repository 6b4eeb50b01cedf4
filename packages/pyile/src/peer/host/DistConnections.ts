/**
 * The joiners' dist connections as they come in, and who waits for them.
 *
 * A dist connection carries no identity but its address, so joiners behind one address are invited one at a time. One
 * that opens none holds the others there up only for a moment.
 */
import type { Listener, Pipe } from "@peerage/transport"
import { Deferred, type Duration, Effect, HashMap, Option, Queue, Ref, type Scope } from "effect"
import * as Arr from "effect/Array"
import * as NetAddress from "effect/net/NetAddress"
import type { DistConnection, DistListener } from "../../exchange/Distribution.ts"
import { defaults } from "../../PyileConfig.ts"
import { NoDistConnection } from "../../PyileError.ts"

/** The listener for dist connections. */
export interface DistConnections extends DistListener {
  readonly port: number
}

/** A joiner that dials when it is its turn. */
interface Expected {
  readonly connection: DistConnection
  readonly turn: Deferred.Deferred<void>
  /** Others wait behind it. */
  readonly crowded: Deferred.Deferred<void>
}

/** The joiners of each host, in the order in which they came. It is the first one's turn. */
type Lines = HashMap.HashMap<string, ReadonlyArray<Expected>>

const lineOf = (lines: Lines, host: string) => Option.getOrElse(HashMap.get(lines, host), () => [])

/**
 * Takes dist connections for the scope's life. One that nobody waits for is closed. A joiner has `longest` to open its
 * own while others at its address wait.
 */
export const make = Effect.fnUntraced(function*(
  listener: Listener.Listener,
  longest: Duration.Input = defaults.distTurn
): Effect.fn.Return<DistConnections, never, Scope.Scope> {
  const expected = yield* Ref.make<Lines>(HashMap.empty())

  const change = Effect.fnUntraced(function*(
    host: string,
    step: (line: ReadonlyArray<Expected>) => ReadonlyArray<Expected>
  ) {
    const [first, second] = yield* Ref.modify(expected, (lines) => {
      const line = step(lineOf(lines, host))
      return [line, line.length === 0 ? HashMap.remove(lines, host) : HashMap.set(lines, host, line)]
    })
    if (first === undefined) return
    yield* Deferred.succeed(first.turn, undefined)
    if (second !== undefined) yield* Deferred.succeed(first.crowded, undefined)
  })

  const accept = Effect.fnUntraced(function*(pipe: Pipe.Pipe) {
    const [first] = lineOf(yield* Ref.get(expected), NetAddress.formatHost(pipe.remote))
    if (first === undefined || !(yield* Deferred.succeed(first.connection, pipe))) pipe.close()
  })

  yield* Effect.forkScoped(
    Effect.forever(
      Effect.flatMap(Queue.takeAll(listener.accepted), (pipes) => Effect.forEach(pipes, accept, { discard: true }))
    )
  )
  return {
    port: listener.address.port,
    expect: (host, connection, invite) =>
      Effect.gen(function*() {
        const joiner = { connection, turn: yield* Deferred.make<void>(), crowded: yield* Deferred.make<void>() }
        const late = Effect.sleep(longest).pipe(
          Effect.andThen(Deferred.await(joiner.crowded)),
          Effect.andThen(new NoDistConnection())
        )
        return yield* Effect.acquireUseRelease(
          change(host, Arr.append(joiner)),
          () => Effect.andThen(Deferred.await(joiner.turn), Effect.raceFirst(invite, late)),
          () => change(host, Arr.filter((other) => other !== joiner))
        )
      })
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
