import { assert, it } from "@effect/vitest"
import { Simulation } from "@peerage/simulate"
import { Effect } from "effect"
import { chaos, lists } from "./Hundred.ts"

it.effect("a hundred hosts of Pyile know each other ten seconds after ten minutes of chaos", () =>
  Effect.gen(function*() {
    for (const list of yield* lists) assert.strictEqual(new Set(list).size, 99)
  }).pipe(Simulation.run({ seed: 1, link: { latency: "20 millis", jitter: "20 millis" }, chaos })))
