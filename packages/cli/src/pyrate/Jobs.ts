/** What a room does beside its commands, as it may take long: downloads and searches. The end of each is reported. */
import { Effect, FiberSet, type Scope } from "effect"
import type { Event } from "./Narrate.ts"

/** The jobs of a room. */
export interface Jobs {
  /** Begins a job. False when one of that name is under way. */
  readonly begin: (name: string, work: Effect.Effect<ReadonlyArray<Event>>) => Effect.Effect<boolean>
  /** Whether a job of that name is under way. No longer true when its end is reported. */
  readonly has: (name: string) => boolean
  /** How many are under way. */
  readonly size: Effect.Effect<number>
  /** Waits until there are none. */
  readonly idle: Effect.Effect<void>
}

/** Makes an empty set of jobs; closing the scope interrupts those under way. */
export const make = Effect.fnUntraced(function*(
  report: (events: ReadonlyArray<Event>) => Effect.Effect<unknown>
): Effect.fn.Return<Jobs, never, Scope.Scope> {
  const fibers = yield* FiberSet.make()
  const names = new Set<string>()
  return {
    begin: (name, work) =>
      Effect.suspend(() => {
        if (names.has(name)) return Effect.succeed(false)
        names.add(name)
        const job = Effect.flatMap(Effect.ensuring(work, Effect.sync(() => names.delete(name))), report)
        return Effect.as(FiberSet.run(fibers, job), true)
      }),
    has: (name) => names.has(name),
    size: FiberSet.size(fibers),
    idle: FiberSet.awaitEmpty(fibers)
  }
})
