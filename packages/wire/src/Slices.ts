/**
 * Long computations in slices, so that what one peer sends does not stop the event loop for all others. A computation is
 * a generator that yields where a slice ends: after work that it has counted. Time plays no part, so the same input gives
 * the same slices.
 */
import { Effect, Semaphore } from "effect"

/**
 * A computation in slices. Each step does one, and gives about how many bytes of memory it took. The last returns the
 * result.
 */
export type Sliced<A> = Generator<number, A, void>

/** A result, and about how many bytes of memory it took. */
export interface Measured<A> {
  readonly value: A
  readonly bytes: number
}

/** Does all slices at once, for short input, and adds up what they took. */
export const measure = <A>(work: Sliced<A>): Measured<A> => {
  let bytes = 0
  let step = work.next()
  for (; step.done !== true; step = work.next()) bytes += step.value
  return { value: step.value, bytes }
}

/** Does all slices at once. */
export const finish = <A>(work: Sliced<A>): A => measure(work).value

/**
 * Does one slice in each turn of the event loop. After each but the last it tells `took` how much that was; where `took`
 * fails, nothing more is done.
 */
export type Run = <A, E = never>(
  work: Sliced<A>,
  took?: (bytes: number) => Effect.Effect<void, E>
) => Effect.Effect<A, E>

const nothing = () => Effect.void

/**
 * Does slices of several computations, one slice in each turn of the event loop for all of them: a peer with many
 * connections gets no more time than one with a single connection.
 */
export const make: Effect.Effect<Run> = Effect.map(
  Semaphore.make(1),
  (turn) => <A, E = never>(work: Sliced<A>, took: (bytes: number) => Effect.Effect<void, E> = nothing) => {
    const slice = turn.withPermit(Effect.andThen(Effect.yieldNow, Effect.sync(() => work.next())))
    const rest: Effect.Effect<A, E> = Effect.flatMap(
      slice,
      (step) => step.done === true ? Effect.succeed(step.value) : Effect.andThen(took(step.value), rest)
    )
    return rest
  }
)
