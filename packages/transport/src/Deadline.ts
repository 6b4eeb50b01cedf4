/** Deadlines of many, kept by few fibers: how they tell the time, and wait for the earliest. */
import { Clock, Effect, Latch } from "effect"

const nanosPerMilli = 1_000_000

/** Milliseconds of a clock that only goes forward, whatever becomes of the time of day. */
export const read = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / nanosPerMilli

/** `read` of the clock in use. */
export const now: Effect.Effect<number> = Effect.map(Clock.Clock, read)

// In milliseconds. Where times are fractions, a deadline can be so near that waiting for it does not move the clock, and
// whoever waits would go round for ever.
const shortest = 0.001

/** Sleeps for as many milliseconds, and always for some time. */
export const pause = (millis: number): Effect.Effect<void> => Effect.sleep(Math.max(millis, shortest))

/** The earliest time in a line whose members came in the order of their times; `Infinity` where there is nobody. */
export const first = (line: ReadonlyMap<unknown, number>): number => line.values().next().value ?? Infinity

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

  const wait = (now: number): Effect.Effect<void> =>
    wakesAt === Infinity ? earlier.await : Effect.raceFirst(earlier.await, pause(wakesAt - now))

  return {
    expect: (due) => {
      if (due < wakesAt) earlier.openUnsafe()
    },
    run: Effect.gen(function*() {
      while (true) {
        const swept = yield* now
        yield* sweep(swept)
        wakesAt = earliest()
        earlier.closeUnsafe()
        yield* wait(swept)
      }
    })
  }
}
