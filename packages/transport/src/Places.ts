/**
 * Places that connections take as Effects: for the life of a scope, or while an effect runs. Who gets a place and who
 * loses one is decided by `PlaceTable`.
 */
import { type Context, Deferred, Effect, Fiber, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as OptionValue from "./OptionValue.ts"
import { type Guest, Places, type TooMany, type Visitor } from "./PlaceTable.ts"

export { networkOf } from "./Network.ts"
export { type Bounds, type Guest, type Options, Places, TooMany, type Visitor } from "./PlaceTable.ts"

/** Limits of connections that have not finished their handshake, as the protocols have them. */
export interface HandshakeLimits {
  readonly maxHandshakes: number
  readonly maxHandshakesPerAddress: number
  readonly maxHandshakesPerNetwork: number
}

const checkLimits = OptionValue.checkAll("Places.forHandshakes", {
  maxHandshakes: OptionValue.count,
  maxHandshakesPerAddress: OptionValue.count,
  maxHandshakesPerNetwork: OptionValue.count
})

/**
 * Milliseconds. A handshake that stood still for so long gives its place to a newer one of the same address: those that go
 * on are never so long in between, and silent connections do not keep out others behind the same address.
 */
export const patience = 1000

/**
 * Places for handshakes. A newcomer takes that of a silent stranger when all are taken. Throws an `InvalidOption` for a
 * limit that cannot be.
 */
export const forHandshakes = (limits: HandshakeLimits): Places => {
  checkLimits(limits)
  return new Places({
    of: "joiners",
    all: limits.maxHandshakes,
    perAddress: limits.maxHandshakesPerAddress,
    perNetwork: limits.maxHandshakesPerNetwork,
    lead: 1,
    patience
  })
}

/** The visitor that is at the other end of a connection, silent since bytes last came or went. */
export const visitor = (
  connection: { readonly remote: NetAddress.InetAddress; readonly activeAt: () => number }
): Visitor => ({ host: NetAddress.formatHost(connection.remote), silentSince: () => connection.activeAt() })

/** A place, or a turn to wait for one. */
export interface Place {
  /** Waits until it is this one's turn. At once when there was room. */
  readonly turn: Effect.Effect<void>
  /** Never succeeds: fails when the place, or the turn, goes to another. */
  readonly lost: Effect.Effect<never, TooMany>
}

/** Takes a place, or a turn to wait, for the scope's life. Fails with `TooMany` when there is neither. */
export const take = (places: Places, visitor: Visitor): Effect.Effect<Place, TooMany, Scope.Scope> =>
  Effect.suspend(() => {
    const [entered, lost] = [Deferred.makeUnsafe<void>(), Deferred.makeUnsafe<never, TooMany>()]
    const guest: Guest = {
      ...visitor,
      entered: () => Deferred.doneUnsafe(entered, Effect.void),
      dropped: (full) => Deferred.doneUnsafe(lost, Effect.fail(full))
    }
    const place = { turn: Deferred.await(entered), lost: Deferred.await(lost) }
    return Effect.acquireRelease(
      Effect.suspend((): Effect.Effect<Place, TooMany> => places.enter(guest) ?? Effect.succeed(place)),
      () => Effect.sync(() => places.leave(guest))
    )
  })

/**
 * Runs `use` with a place, once there is one, and `meanwhile` as long as the visitor waits for it. Fails with `TooMany`
 * when there is none, and when the place goes to another: `use` is interrupted at once.
 *
 * `use` has a fiber of its own, and the loss of its place is a callback: a race of two fibers for each handshake would
 * cost more than taking the place.
 */
export const hold = <A, E, R>(
  places: Places,
  visitor: Visitor,
  use: Effect.Effect<A, E, R>,
  meanwhile?: Effect.Effect<never, never, R>
): Effect.Effect<A, E | TooMany, R> =>
  Effect.contextWith((context: Context.Context<R>) =>
    Effect.callback((resume) => {
      const turn = Deferred.makeUnsafe<void>()
      let lost: TooMany | undefined
      let end = () => {}
      const guest: Guest = {
        ...visitor,
        entered: () => Deferred.doneUnsafe(turn, Effect.void),
        dropped: (full) => {
          lost = full
          end()
        }
      }
      const full = places.enter(guest)
      if (full !== undefined) return resume(Effect.fail(full))
      const holder = Effect.runForkWith(context)(once(turn, use, meanwhile))
      end = () => holder.interruptUnsafe()
      // It may have lost its place before it first waited.
      if (lost !== undefined) end()
      holder.addObserver((exit) => {
        places.leave(guest)
        resume(lost === undefined ? exit : Effect.fail(lost))
      })
      return Fiber.interrupt(holder)
    })
  )

/** Runs `use` when it is its turn, at once where that is now. */
const once = <A, E, R>(
  turn: Deferred.Deferred<void>,
  use: Effect.Effect<A, E, R>,
  meanwhile: Effect.Effect<never, never, R> | undefined
): Effect.Effect<A, E, R> => {
  if (Deferred.isDoneUnsafe(turn)) return use
  const waiting = Deferred.await(turn)
  return Effect.andThen(meanwhile === undefined ? waiting : Effect.raceFirst(waiting, meanwhile), use)
}
