/** One run of a scenario with its recording. What somebody does to it by hand is kept beside the scenario. */
import { printable } from "@peerage/console/Printable"
import type { Fault } from "@peerage/simulate"
import { Effect } from "effect"
import * as Run from "../Run.ts"
import { endOf, millisOf, type ScenarioFile } from "../ScenarioFile.ts"
import { Recording } from "./Recording.ts"

/** A run that is recorded. */
export interface Take {
  readonly recording: Recording
  readonly now: Effect.Effect<number>
  /** When the scenario is over. */
  readonly end: number
  readonly states: Run.Run["states"]
  readonly advance: (millis: number) => Effect.Effect<void>
  /** Lets something go wrong now. */
  readonly perform: (fault: Fault.Fault) => Effect.Effect<void>
  /** What was done by hand, at its moments. */
  readonly byHand: ReadonlyArray<Fault.Timed>
}

/** Begins a take: `byHand` is what was done by hand in an earlier one, and is done again. */
export const make = Effect.fnUntraced(function*(
  scenario: ScenarioFile,
  byHand: ReadonlyArray<Fault.Timed>
): Effect.fn.Return<Take> {
  const recording = new Recording(scenario.protocol)
  const faults = [...scenario.faults ?? [], ...byHand]
  const run = yield* Run.make({ ...scenario, faults }, (packets) => recording.packets.add(packets))
  recording.observeLinks([], yield* run.links, 0)
  const done = [...byHand]
  if (scenario.about !== undefined) recording.say(0, "event", printable(scenario.about))
  const advance = Effect.fnUntraced(function*(millis: number) {
    const entries = yield* run.advance(millis)
    const now = yield* run.now
    recording.observe(entries, yield* run.states, now)
    if (entries.some(({ _tag }) => _tag === "Fault" || _tag === "Undone")) {
      recording.observeCuts(entries, yield* run.cuts, now)
      recording.observeLinks(entries, yield* run.links, now)
    }
  })
  return {
    recording,
    now: run.now,
    end: endOf(scenario),
    states: run.states,
    advance,
    perform: Effect.fnUntraced(function*(fault) {
      yield* run.perform(fault)
      // It may have had to wait some microseconds for a moment of its own.
      const { at } = (yield* run.score).faults?.at(-1) ?? { at: yield* run.now }
      done.push({ ...fault, at: millisOf(at) })
      yield* advance(0)
    }),
    byHand: done
  }
})
