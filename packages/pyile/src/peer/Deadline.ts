/** How a sweeper tells the time and waits: until the earliest of its deadlines, or until somebody brings an earlier one. */
import { Clock, Effect, Latch } from "effect"

// In milliseconds. Where times are fractions, a deadline can be so near that waiting for it does not move the clock,
// and a sweeper would go round for ever.
const shortest = 0.001
const nanosPerMilli = 1_000_000

/** Tells the milliseconds of the clock in use that only goes forward, whatever becomes of the time of day. */
export const clock: Effect.Effect<() => number> = Effect.map(
  Clock.Clock,
  (clock) => () => Number(clock.monotonicTimeNanosUnsafe()) / nanosPerMilli
)

/** Milliseconds of a clock that only goes forward, whatever becomes of the time of day. */
export const now: Effect.Effect<number> = Effect.flatMap(clock, Effect.sync)

/** One fiber for the deadlines of many. */
export interface Sweeper {
  /** Something is due then. The sweeper is woken only where that is earlier than what it knows of. */
  readonly expect: (due: number) => void
  /** Never ends: sweeps and waits. */
  readonly run: Effect.Effect<never>
}

/** `sweep` does what is due; `earliest` is when something will be next, `Infinity` for never. */
export const sweeper = (sweep: (now: number) => Effect.Effect<void>, earliest: () => number): Sweeper => {
  const earlier = Latch.makeUnsafe(false)
  let wakesAt = Infinity

  const wait = (now: number): Effect.Effect<unknown> =>
    wakesAt === Infinity ? earlier.await : Effect.timeoutOption(earlier.await, Math.max(wakesAt - now, shortest))

  return {
    expect: (due) => {
      if (due < wakesAt) earlier.openUnsafe()
    },
    run: Effect.gen(function*() {
      const tell = yield* clock
      while (true) {
        const now = tell()
        yield* sweep(now)
        wakesAt = earliest()
        earlier.closeUnsafe()
        yield* wait(now)
      }
    })
  }
}
