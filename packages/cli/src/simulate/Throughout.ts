/** A scenario from its beginning to its end. */
import { Effect } from "effect"
import type * as Notes from "./Notes.ts"
import type { Ending } from "./Outcome.ts"
import * as Run from "./Run.ts"
import { endOf, type ScenarioFile } from "./ScenarioFile.ts"

// What happens within a second is told together.
const window = 1000

/** Lets a scenario run to its end, window by window. */
export const throughout = Effect.fnUntraced(function*<E, R>(
  scenario: ScenarioFile,
  show: (run: Run.Run, entries: ReadonlyArray<Notes.Entry>, now: number) => Effect.Effect<void, E, R>
) {
  const run = yield* Run.make(scenario)
  const end = endOf(scenario)
  const judged: Array<Notes.Judged> = []
  for (let now = 0; now < end;) {
    const entries = yield* run.advance(Math.min(window, end - now))
    now = Math.min(now + window, end)
    judged.push(...entries.filter((entry) => entry._tag === "Expected"))
    yield* show(run, entries, now)
  }
  return { judged, score: yield* run.score } satisfies Ending
})
