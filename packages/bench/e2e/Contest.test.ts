import { assert, describe, it } from "@effect/vitest"
import { job as received } from "../jobs/pyile-received/Job.ts"
import * as Contest from "../src/Contest.ts"

describe("Contest", () => {
  it("has real processes do a job, and measures both contenders", async () => {
    const results = await Contest.run(received, { rounds: 1, scale: 0.01, progress: () => {} })
    assert.deepStrictEqual(results.map(({ name }) => name), ["ours", "plain"])
    for (const { absent, cpuMicros = 0, peakBytes = 0, value } of results) {
      assert.isUndefined(absent)
      for (const figure of [value.median, value.min, value.max, cpuMicros, peakBytes]) assert.isAbove(figure, 0)
    }
  })
})
