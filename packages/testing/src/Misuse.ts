/** Local misuse, which is a defect with a sentence about it. */
import { Cause, Effect, Exit } from "effect"

/** The sentence with which an effect dies; what became of it where it does not. */
export const sentence = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<string, never, R> =>
  Effect.map(Effect.exit(effect), (exit) => {
    if (Exit.isSuccess(exit)) return "it succeeded"
    if (!Cause.hasDies(exit.cause)) return "it failed"
    const defect = Cause.squash(exit.cause)
    return defect instanceof Error ? defect.message : String(defect)
  })
