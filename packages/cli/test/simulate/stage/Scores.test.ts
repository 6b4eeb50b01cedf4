/** Every scenario that comes with the command, broken by hand on a page, plays the same from its file, without a page. */
import { assert, describe, it } from "@effect/vitest"
import type { Acts } from "@peerage/console"
import { Effect } from "effect"
import { scenarios } from "../../../src/simulate/Defaults.ts"
import type { ScenarioFile } from "../../../src/simulate/ScenarioFile.ts"
import * as OnStage from "../../../src/simulate/stage/OnStage.ts"
import { open, packetsUntil, played, reach, until } from "./Pages.ts"

const faults: ReadonlyArray<Acts.Fault> = [
  { _tag: "Cut", a: "1", b: "2" },
  { _tag: "Kill", host: "3" },
  { _tag: "Link", a: "1", b: "3", latency: 250, jitter: 40, loss: 0.05, bandwidth: 20_000, duplication: 0.1 },
  { _tag: "HealAll" },
  { _tag: "Restart", host: "3" }
]

const chaotic: ScenarioFile = {
  protocol: "pyile",
  hosts: 5,
  seed: 3,
  link: { latency: "20 millis", jitter: "20 millis" },
  chaos: { cut: 20, slow: 20, reset: 10 }
}

const all: ReadonlyArray<readonly [name: string, scenario: ScenarioFile]> = [
  ...Object.entries(scenarios).map(([name, { least, make }]) => [name, make(Math.max(3, least))] as const),
  ["chaos", chaotic]
]

describe("the score of a stage", () => {
  for (const [name, scenario] of all) {
    it.effect(`plays ${name} again, and so does a branch`, () =>
      Effect.gen(function*() {
        const stage = yield* OnStage.make({ name, scenario, speed: 8 })
        const page = yield* open(stage)
        for (const [index, fault] of faults.entries()) {
          yield* reach(page, 3000 + 1300 * index, 23)
          yield* stage.fault(fault)
        }
        yield* reach(page, 16_000)
        yield* stage.pace({ paused: true })
        const { text } = yield* stage.score
        const packets = packetsUntil(page.packets(), 16_000)
        assert.isAbove(packets.length, 20)
        assert.deepStrictEqual(packetsUntil(yield* played(text, 16_000), 16_000), packets)
        yield* stage.branch(15_000)
        yield* until(() => page.acts.filter(({ first }) => first).length === 2, 20)
        yield* until(() => page.acts.at(-1)?.replaying === false, 20)
        assert.deepStrictEqual(
          packetsUntil(page.packets(), 15_000),
          packets.filter((packet) => Number(/"at":([\d.]+)/.exec(packet)?.[1]) <= 15_000)
        )
      }))
  }
})
