/** What a room does beside its commands, as it may take long: downloads and searches. The end of each is reported. */
import { Effect, FiberSet } from "effect"

/** The jobs of a room. */
export type Jobs<Event> = Effect.Success<ReturnType<typeof make<Event>>>

/** Makes an empty set of jobs; closing the scope interrupts those under way. */
export const make = Effect.fnUntraced(
  function*<Event>(report: (events: ReadonlyArray<Event>) => Effect.Effect<unknown>) {
    const fibers = yield* FiberSet.make()
    const names = new Set<string>()
    return {
      /** Begins a job. False when one of that name is under way. `broken` is reported when it is broken off. */
      begin: (name: string, work: Effect.Effect<ReadonlyArray<Event>>, broken: ReadonlyArray<Event>) =>
        Effect.suspend(() => {
          if (names.has(name)) return Effect.succeed(false)
          names.add(name)
          const job = Effect.flatMap(Effect.ensuring(work, Effect.sync(() => names.delete(name))), report).pipe(
            Effect.onInterrupt(() => report(broken))
          )
          return Effect.as(FiberSet.run(fibers, job), true)
        }),
      /** Whether a job of that name is under way. No longer true when its end is reported. */
      has: (name: string) => names.has(name),
      /** How many are under way. */
      size: FiberSet.size(fibers),
      /** Waits until there are none. */
      idle: FiberSet.awaitEmpty(fibers),
      /** Breaks off all of them. */
      breakOff: FiberSet.clear(fibers)
    }
  }
)
