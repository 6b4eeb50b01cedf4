/** Tries a scenario with one seed after another, and looks for the fewest faults with which the first that fails still does. */
import { json as jsonOf } from "@peerage/console/Printable"
import { Scenario } from "@peerage/simulate"
import { Effect, Struct } from "effect"
import { write } from "../room/Screen.ts"
import { counted, type Style } from "../room/Style.ts"
import { type Ending, keep, missedOf } from "./Outcome.ts"
import type { ScenarioFile } from "./ScenarioFile.ts"
import { throughout } from "./Throughout.ts"
import { expectedInWords } from "./Words.ts"

/** How what is found is told. */
interface Telling {
  readonly json: boolean
  readonly style: Style
}

/** A scenario with which something was not as expected. */
interface Failed {
  readonly scenario: ScenarioFile
  readonly ending: Ending
}

// Runs that it may take to find the fewest faults.
const tries = 100

const silently = (scenario: ScenarioFile) => throughout(scenario, () => Effect.void)

/** The same without chance, and with the fewest faults that were found. */
const smallest = Effect.fnUntraced(function*(failed: Failed) {
  let found = failed
  const fails = Effect.fnUntraced(function*(faults: Scenario.Scenario["faults"]) {
    const scenario: ScenarioFile = { ...Struct.omit(failed.scenario, ["chaos"]), faults }
    const ending = yield* silently(scenario)
    if (missedOf(ending).length === 0) return false
    found = { scenario, ending }
    return true
  })
  yield* Scenario.shrink(failed.ending.score.faults ?? [], fails, tries)
  return found
})

const tellSmallest = ({ ending, scenario }: Failed, all: number, { json }: Telling) => {
  const left = ending.score.faults?.length ?? 0
  const text = keep(scenario, ending)
  if (json) return write([jsonOf({ event: "Smallest", faults: left, of: all, scenario: JSON.parse(text) })])
  const fewest = all === 0 ? "It fails without any fault" : `It still fails with ${left} of ${counted(all, "fault")}`
  return write(["", `${fewest}, and without chance. As a scenario to keep:`, text])
}

/** Gives the first seed that fails, with the fewest faults; `undefined` when none does. */
export const find = Effect.fnUntraced(function*(scenario: ScenarioFile, seeds: number, telling: Telling) {
  const { json, style } = telling
  for (let index = 0; index < seeds; index++) {
    const seed = Number(scenario.seed ?? 0) + index
    const seeded = { ...scenario, seed }
    const ending = yield* silently(seeded)
    const failed = missedOf(ending).map(({ expectation, instead }) => `${expectedInWords(expectation)}: ${instead}`)
    if (json) yield* write([jsonOf({ event: "Seed", seed, cameTrue: failed.length === 0, failed })])
    if (failed.length === 0) continue
    const faults = ending.score.faults?.length ?? 0
    if (!json) {
      yield* write([
        style.red(`✗ seed ${seed}, the ${index + 1}. that was tried`),
        ...failed.map((text) => `  ${text}`),
        ...faults === 0 ? [] : [`Looking for the fewest of its ${counted(faults, "fault")} with which it fails ...`]
      ])
    }
    const found = yield* smallest({ scenario: seeded, ending })
    yield* tellSmallest(found, faults, telling)
    return found
  }
  if (!json) yield* write([`${style.green("✓")} All that was expected came true with each of ${seeds} seeds.`])
  return undefined
})
