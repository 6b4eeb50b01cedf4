/** One fiber for the deadlines of many. */
import { Effect, Latch } from "effect"
import * as Timeouts from "./Timeouts.ts"

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
    wakesAt === Infinity ? earlier.await : Effect.raceFirst(earlier.await, Timeouts.pause(wakesAt - now))

  return {
    expect: (due) => {
      if (due < wakesAt) earlier.openUnsafe()
    },
    run: Effect.gen(function*() {
      while (true) {
        const swept = yield* Timeouts.now
        yield* sweep(swept)
        wakesAt = earliest()
        earlier.closeUnsafe()
        yield* wait(swept)
      }
    })
  }
}
