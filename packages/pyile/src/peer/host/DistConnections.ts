/**
 * The joiners' dist connections as they come in, and who waits for them.
 *
 * A dist connection carries no identity but its address, or on a transport with keys its key, so joiners behind one address
 * are invited one at a time. One that opens none holds the others there up only for a moment.
 */
import { type Listener, type Pipe, Timeouts } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Deferred, Duration, Effect, HashMap, Option, Queue, Ref, type Scope } from "effect"
import * as Arr from "effect/Array"
import * as NetAddress from "effect/net/NetAddress"
import { type DistConnection, type DistListener, invitation, type NoConnection } from "../../exchange/Distribution.ts"
import { defaults } from "../../PyileConfig.ts"
import { NoDistConnection } from "../../PyileError.ts"

/** The listener for dist connections. */
export interface DistConnections extends DistListener {
  /** The bytes that invite a joiner which knows the host as `seen`. */
  readonly invitation: (seen: PeerAddress.PeerAddress) => Uint8Array
}

/** A joiner that dials when it is its turn. */
interface Expected {
  readonly connection: DistConnection
  /** When its turn began. */
  readonly turn: Deferred.Deferred<number>
}

/** What tells whose a connection is: the key, and without keys no more than the address. */
const placeOf = ({ identity, remote }: Pick<Pipe.Pipe, "remote" | "identity">): string =>
  identity ?? NetAddress.formatHost(remote)

/** The joiners of each place, in the order in which they came. It is the first one's turn. */
type Lines = HashMap.HashMap<string, ReadonlyArray<Expected>>

const lineOf = (lines: Lines, place: string) => Option.getOrElse(HashMap.get(lines, place), () => [])

/** The first of a line behind which others wait. */
const crowded = ([first, second]: ReadonlyArray<Expected>) => second === undefined ? undefined : first

/**
 * Takes dist connections for the scope's life. One that nobody waits for is closed. A joiner has `longest` to open its
 * own while others at its address wait.
 */
export const make = Effect.fnUntraced(function*(
  listener: Listener.Listener,
  longest: Duration.Input = defaults.distTurn
): Effect.fn.Return<DistConnections, never, Scope.Scope> {
  const expected = yield* Ref.make<Lines>(HashMap.empty())
  const scope = yield* Effect.scope

  /** Gives up a joiner that has had its time. */
  const giveUp = Effect.fnUntraced(function*({ connection, turn }: Expected) {
    const left = (yield* Deferred.await(turn)) + Duration.toMillis(Duration.fromInputUnsafe(longest)) -
      (yield* Timeouts.now)
    if (left > 0) yield* Timeouts.pause(left)
    yield* Deferred.fail(connection, new NoDistConnection())
  })

  const change = (place: string, step: (line: ReadonlyArray<Expected>) => ReadonlyArray<Expected>) =>
    Effect.flatMap(
      Ref.modify(expected, (lines) => {
        const before = lineOf(lines, place)
        const after = step(before)
        return [
          [before, after] as const,
          after.length === 0 ? HashMap.remove(lines, place) : HashMap.set(lines, place, after)
        ]
      }),
      ([before, after]) => {
        const [first] = after
        const late = crowded(after)
        const begins = first === undefined || first === before[0]
          ? Effect.void
          : Effect.flatMap(Timeouts.now, (now) => Deferred.succeed(first.turn, now))
        if (late === undefined || late === crowded(before)) return begins
        return Effect.andThen(begins, Effect.forkIn(giveUp(late), scope))
      }
    )

  const accept = (pipe: Pipe.Pipe) =>
    Effect.flatMap(Ref.get(expected), (lines) => {
      const [first] = lineOf(lines, placeOf(pipe))
      const taken = first === undefined ? Effect.succeed(false) : Deferred.succeed(first.connection, pipe)
      return Effect.map(taken, (taken) => taken ? undefined : pipe.close())
    })

  yield* Effect.forkScoped(
    Effect.forever(Effect.flatMap(Queue.take(listener.accepted), accept), { disableYield: true })
  )
  return {
    invitation: latest((seen) => invitation({ host: PeerAddress.host(seen), port: listener.address.port })),
    expect: (origin, connection, invite) =>
      Effect.flatMap(Deferred.make<number>(), (turn) => {
        const place = placeOf(origin)
        const joiner = { connection, turn }
        return Effect.acquireUseRelease(
          change(place, Arr.append(joiner)),
          () => Effect.andThen(Deferred.await(turn), invite),
          () => change(place, Arr.filter((other) => other !== joiner))
        )
      })
  }
})

/** A function that remembers its latest result: nearly all joiners know the host by the same address. */
const latest = <A, B>(make: (from: A) => B): (from: A) => B => {
  let known: { readonly from: A; readonly made: B } | undefined
  return (from) => (known = known?.from === from ? known : { from, made: make(from) }).made
}

/** Runs `use` with a dist connection that is to come. It is closed when `use` ends, or if it is later, as it comes. */
export const during = <A, E, R>(
  use: (connection: DistConnection) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Deferred.make<Pipe.Pipe, NoConnection>(),
    use,
    (connection) =>
      Effect.flatMap(
        Deferred.interrupt(connection),
        (never) => never ? Effect.void : Effect.ignore(Effect.map(Deferred.await(connection), (pipe) => pipe.close()))
      )
  )
