/**
 * A long-running command: what happens is told, what is typed is done, one line after another, until somebody leaves
 * or the session ends for good. Knows no protocol.
 *
 *     events  ---> teller ---> screen
 *     screen ---> a typed line ---> obey ---> its answer ---> teller
 */
import { Effect, Latch, type Scope, Stream } from "effect"
import type { Screen } from "./Screen.ts"
import type { Teller } from "./Teller.ts"

/** What became of a typed line. */
export type Outcome<Event> =
  | { readonly _tag: "Answer"; readonly events: ReadonlyArray<Event> }
  | { readonly _tag: "Exit" }

/** The parts of a room. */
export interface Room<Event, E> {
  readonly screen: Screen
  readonly tell: Teller<Event>
  /** Everything that happens from now on. */
  readonly events: Stream.Stream<Event>
  /** Told first. What it fails with is the end. */
  readonly opening: Effect.Effect<ReadonlyArray<Event>, E>
  readonly obey: (line: string) => Effect.Effect<Outcome<Event>>
  /** Never succeeds: fails when the session is over. */
  readonly over: Effect.Effect<never, E>
}

// An event goes through a handful of fibers before it is told: turns of the scheduler that let it.
const turns = 16
const settle = Effect.repeat(Effect.yieldNow, { times: turns })

/** Lasts until somebody leaves, then succeeds, or until the session is over, then fails with why. */
export const run = Effect.fnUntraced(function*<Event, E>(
  { events, obey, opening, over, screen, tell }: Room<Event, E>
): Effect.fn.Return<void, E, Scope.Scope> {
  const opened = yield* Latch.make()
  const told = Stream.runForEachArray(events, (batch) => Latch.whenOpen(opened, tell(batch, false)))
  // Immediately, so that nothing is missed between what the opening tells and the first event.
  yield* Effect.forkScoped(told, { startImmediately: true })
  yield* tell(yield* opening, true)
  yield* Latch.open(opened)

  const typed = screen.typed.pipe(
    Stream.runForEachWhile((line) =>
      Effect.flatMap(
        obey(line),
        (outcome) => outcome._tag === "Exit" ? Effect.succeed(false) : Effect.as(tell(outcome.events, true), true)
      )
    )
  )
  yield* Effect.ensuring(Effect.raceFirst(typed, over), settle)
})
