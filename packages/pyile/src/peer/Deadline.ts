/** How a sweeper tells the time and waits: until the earliest of its deadlines, or until somebody brings an earlier one. */
import { Clock, Effect, type Latch } from "effect"

// In milliseconds. Where times are fractions, a deadline can be so near that waiting for it does not move the clock,
// and a sweeper would go round for ever.
const shortest = 0.001
const nanosPerMilli = 1_000_000

/** Milliseconds of a clock that only goes forward, whatever becomes of the time of day. */
export const now: Effect.Effect<number> = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / nanosPerMilli)

/** Waits from `now` until `due`, or until `earlier` opens. */
export const wait = (due: number, now: number, earlier: Latch.Latch): Effect.Effect<unknown> =>
  due === Infinity ? earlier.await : Effect.timeoutOption(earlier.await, Math.max(due - now, shortest))
