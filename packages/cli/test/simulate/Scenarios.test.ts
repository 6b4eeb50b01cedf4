/** The scenarios that come with the command: each ends as it says, and the same seed gives the same run. */
import { assert, describe, it } from "@effect/vitest"
import { Trace } from "@peerage/transport"
import { Effect } from "effect"
import { scenarios } from "../../src/simulate/Defaults.ts"
import type { Judged } from "../../src/simulate/Notes.ts"
import * as Run from "../../src/simulate/Run.ts"
import { endOf, type ScenarioFile } from "../../src/simulate/ScenarioFile.ts"

/** Runs a scenario in steps of so many milliseconds. */
const play = Effect.fnUntraced(function*(scenario: ScenarioFile, step: number, until = endOf(scenario)) {
  const run = yield* Run.make(scenario)
  const judged: Array<Judged> = []
  for (let now = 0; now < until; now += step) {
    const entries = yield* run.advance(Math.min(step, until - now))
    judged.push(...entries.filter((entry) => entry._tag === "Expected"))
  }
  return { judged, trace: Trace.format(yield* run.trace), states: yield* run.states }
})

for (const [name, { least, make, usual }] of Object.entries(scenarios)) {
  describe(`the scenario ${name}`, () => {
    for (const hosts of [usual, least]) {
      it.live(`ends as it says, with ${hosts} hosts`, () =>
        Effect.gen(function*() {
          const scenario = make(hosts)
          const { judged } = yield* play(scenario, 1000)
          assert.lengthOf(judged, scenario.expect?.length ?? 0)
          assert.isAbove(judged.length, 0)
          assert.deepStrictEqual(judged.filter(({ cameTrue }) => !cameTrue), [])
        }))
    }

    it.live("is the same run for the same seed, in whatever steps, and another for another", () =>
      Effect.gen(function*() {
        const scenario = make(least)
        const once = yield* play(scenario, 1000)
        const again = yield* play(scenario, 370)
        assert.strictEqual(once.trace, again.trace)
        assert.deepStrictEqual(once.states, again.states)
        const other = yield* play({ ...scenario, seed: 8 }, 1000)
        assert.notStrictEqual(other.trace, once.trace)
      }))
  })
}

describe("a run", () => {
  it.live("changes by what is done by hand, which is in its score", () =>
    Effect.gen(function*() {
      const run = yield* Run.make({ protocol: "pyile", hosts: 3, seed: 1, link: { latency: 20 } })
      yield* run.advance("5 seconds")
      yield* run.perform({ kill: "2" })
      const entries = yield* run.advance("10 seconds")
      assert.deepStrictEqual((yield* run.score).faults, [{ at: 5000, kill: "2" }])
      assert.deepInclude(entries, { _tag: "Fault", at: 5000, fault: { kill: "2" } })
      const [first, second] = yield* run.states
      assert.deepStrictEqual(first, { name: "1", status: "Running", knows: ["3"] })
      assert.deepStrictEqual(second, { name: "2", status: "Killed", knows: [] })
    }))

  it.live("notes what cannot be done, with the reason", () =>
    Effect.gen(function*() {
      const run = yield* Run.make({
        protocol: "pyrate",
        hosts: 3,
        faults: [{ at: "4 seconds", kill: "3" }],
        do: [
          { at: "5 seconds", host: "1", search: "song-2.txt" },
          { at: "5 seconds", host: "3", search: "song-2.txt" },
          { at: "5 seconds", host: "2", get: "song-1.txt", from: "1" }
        ]
      })
      const entries = yield* run.advance("6 seconds")
      const failed = entries.flatMap((entry) =>
        entry._tag === "Event" && entry.event._tag === "Failed"
          ? [`${entry.on} ${entry.told?.did}${entry.told?.after}`]
          : []
      )
      assert.deepStrictEqual(failed.sort(), [
        "1 could not search for song-2.txt: it is the bootstrap",
        "2 could not get song-1.txt from 1: it does not know 1",
        "3 could not search for song-2.txt: it does not take part now"
      ])
    }))
})
