/**
 * Long computations in slices, so that what one peer sends does not stop the event loop for all others. A computation is
 * a generator that yields where a slice ends: after work that it has counted. Time plays no part, so the same input gives
 * the same slices.
 */
import { Effect, Semaphore } from "effect"

/** A computation in slices. Each step does one; the last returns the result. */
export type Sliced<A> = Generator<void, A, void>

/** Does all slices at once: for short input. */
export const finish = <A>(work: Sliced<A>): A => {
  let step = work.next()
  while (step.done !== true) step = work.next()
  return step.value
}

/** Does one slice in each turn of the event loop. */
export type Run = <A>(work: Sliced<A>) => Effect.Effect<A>

/**
 * Does slices of several computations, one slice in each turn of the event loop for all of them: a peer with many
 * connections gets no more time than one with a single connection.
 */
export const make: Effect.Effect<Run> = Effect.map(Semaphore.make(1), (turn) => <A>(work: Sliced<A>) => {
  const slice = turn.withPermit(Effect.andThen(Effect.yieldNow, Effect.sync(() => work.next())))
  const rest: Effect.Effect<A> = Effect.flatMap(
    slice,
    (step) => step.done === true ? Effect.succeed(step.value) : rest
  )
  return rest
})
