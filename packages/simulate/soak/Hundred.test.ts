/** The hundred hosts of the example, with other seeds. */
import { assert, it } from "@effect/vitest"
import { Simulation } from "@peerage/simulate"
import { Property } from "@peerage/testing"
import { Effect } from "effect"
import { chaos, lists } from "../examples/pyile/Hundred.ts"

it.effect("a hundred hosts of Pyile know each other ten seconds after ten minutes of chaos, whatever happens in them", () =>
  Effect.gen(function*() {
    for (const list of yield* lists) assert.strictEqual(new Set(list).size, 99)
  }).pipe(
    Simulation.check({
      seeds: 3,
      shrinkRuns: 20,
      seed: Property.seed,
      link: { latency: "20 millis", jitter: "20 millis" },
      chaos
    })
  ))
