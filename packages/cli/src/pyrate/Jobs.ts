/** What a room does beside its lines, as it may last: downloads and searches. Each is told of when it ends. */
import { Effect, FiberSet, type Scope } from "effect"
import type { Event } from "./Answer.ts"

/** The jobs of a room. */
export interface Jobs {
  /** Begins one. False when one of that name is under way. */
  readonly begin: (name: string, work: Effect.Effect<ReadonlyArray<Event>>) => Effect.Effect<boolean>
  /** Whether one of that name is under way. It is not any more when its end is told. */
  readonly has: (name: string) => boolean
  /** How many are under way. */
  readonly size: Effect.Effect<number>
  /** Waits until there are none. */
  readonly idle: Effect.Effect<void>
}

/** None yet; what is under way when the scope closes is broken off. */
export const make = Effect.fnUntraced(function*(
  tell: (events: ReadonlyArray<Event>) => Effect.Effect<unknown>
): Effect.fn.Return<Jobs, never, Scope.Scope> {
  const fibers = yield* FiberSet.make()
  const names = new Set<string>()
  return {
    begin: (name, work) =>
      Effect.suspend(() => {
        if (names.has(name)) return Effect.succeed(false)
        names.add(name)
        const job = Effect.flatMap(Effect.ensuring(work, Effect.sync(() => names.delete(name))), tell)
        return Effect.as(FiberSet.run(fibers, job), true)
      }),
    has: (name) => names.has(name),
    size: FiberSet.size(fibers),
    idle: FiberSet.awaitEmpty(fibers)
  }
})
