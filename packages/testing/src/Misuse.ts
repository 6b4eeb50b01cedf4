/** Local misuse, which is a defect with a sentence about it. */
import { assert, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Cause, Effect, Exit, type Scope } from "effect"

/** The sentence with which an effect dies; what became of it where it does not. */
export const sentence = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<string, never, R> =>
  Effect.map(Effect.exit(effect), (exit) => {
    if (Exit.isSuccess(exit)) return "it succeeded"
    if (!Cause.hasDies(exit.cause)) return "it failed"
    const defect = Cause.squash(exit.cause)
    return defect instanceof Error ? defect.message : String(defect)
  })

/** Tests that each effect, with an option that cannot be, dies with a sentence that names the option. */
export const named = (
  misused: Effect.Effect<
    ReadonlyArray<readonly [says: string, effect: Effect.Effect<unknown, unknown, Scope.Scope>]>,
    unknown,
    Scope.Scope | MemoryNetwork.MemoryNetwork
  >
): void =>
  it.effect("is named by the defect that it is", () =>
    Effect.gen(function*() {
      for (const [says, effect] of yield* misused) {
        assert.include(yield* Effect.scoped(sentence(effect)), `The option ${says}. Give `)
      }
    }).pipe(Effect.scoped, Effect.provide(MemoryNetwork.layer())))
