/** One fiber for many deadlines. */
import { Timeouts } from "@peerage/transport"
import { Effect, Latch } from "effect"

/** The earliest time in a map that is ordered by time. `Infinity` where the map is empty. */
export const first = (line: ReadonlyMap<unknown, number>): number => line.values().next().value ?? Infinity

/** A fiber that sleeps until something is due. */
export interface Sweeper {
  /** Something is due at that time. Wakes the fiber where it sleeps longer. */
  readonly expect: (due: number) => void
  /** Never ends: does what is due, and sleeps. */
  readonly run: Effect.Effect<never>
}

/** `sweep` does what is due now. `earliest` returns when the next is due, `Infinity` for never. */
export const make = (sweep: (now: number) => void, earliest: () => number): Sweeper => {
  const earlier = Latch.makeUnsafe(false)
  let wakesAt = Infinity
  const sleep = (now: number): Effect.Effect<void> =>
    wakesAt === Infinity ? earlier.await : Effect.raceFirst(earlier.await, Timeouts.pause(wakesAt - now))

  return {
    expect: (due) => {
      if (due < wakesAt) earlier.openUnsafe()
    },
    run: Effect.gen(function*() {
      while (true) {
        const now = yield* Timeouts.now
        sweep(now)
        wakesAt = earliest()
        earlier.closeUnsafe()
        yield* sleep(now)
      }
    })
  }
}
