/** How a command learns that it is to end early. A room leaves then; anything else is interrupted, and not done. */
import { Context, Effect, Schema } from "effect"

/** Why a command is to end: somebody asks it to, or its output has no reader any more, or cannot be written. */
export type Cause = "Asked" | "ReaderGone" | "OutputLost"

/** Waits until the command is to end. */
export const Leaving: Context.Reference<Effect.Effect<Cause>> = Context.Reference("@peerage/cli/Leaving", {
  defaultValue: (): Effect.Effect<Cause> => Effect.never
})

/** The command was asked to end before it was done. */
export class Interrupted extends Schema.TaggedError<Interrupted>()("Interrupted", {
  /** What is not done, as a clause. */
  unfinished: Schema.String
}) {
  override get message() {
    return `Interrupted: ${this.unfinished}.`
  }
}

/**
 * Ends some work when the command is to end. `unfinished` says what is not done then, and makes it a failure where
 * somebody asked for the end; without it the end is a polite one.
 */
export const untilLeaving = <E, R>(
  work: Effect.Effect<void, E, R>,
  unfinished: string | undefined
): Effect.Effect<void, E | Interrupted, R> => {
  const left = Effect.flatMap(
    Effect.flatten(Leaving),
    (cause) =>
      unfinished === undefined || cause !== "Asked" ? Effect.void : Effect.fail(new Interrupted({ unfinished }))
  )
  return Effect.raceFirst(work, left)
}
