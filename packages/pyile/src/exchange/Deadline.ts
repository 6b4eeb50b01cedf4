/** How a sweeper waits: until the earliest of its deadlines, or until somebody brings an earlier one. */
import { Effect, type Latch } from "effect"

// In milliseconds. Where times are fractions, a deadline can be so near that waiting for it does not move the clock,
// and a sweeper would go round for ever.
const shortest = 0.001

/** Waits from `now` until `due`, both in milliseconds, or until `earlier` opens. */
export const wait = (due: number, now: number, earlier: Latch.Latch): Effect.Effect<unknown> =>
  due === Infinity ? earlier.await : Effect.timeoutOption(earlier.await, Math.max(due - now, shortest))
