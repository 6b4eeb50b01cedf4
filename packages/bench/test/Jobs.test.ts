import { assert, describe, it } from "@effect/vitest"
import { jobs } from "../jobs/index.ts"

describe("the jobs", () => {
  it("have names of their own", () => {
    const names = jobs.map(({ name }) => name)
    assert.deepStrictEqual(names, [...new Set(names)])
  })

  it("have contenders with names of their own, and must reach something of others among them only", () => {
    for (const { contenders, name, targets } of jobs) {
      const [ours, ...others] = contenders.map((contender) => contender.name)
      assert.notInclude(others, ours, name)
      assert.lengthOf(new Set(others), others.length, name)
      for (const { against } of targets) assert.include(others, against, name)
    }
  })

  it("have targets that are either a ratio or a difference", () => {
    for (const { name, targets } of jobs) {
      for (const { beyond, ratio } of targets) assert.isTrue((beyond === undefined) !== (ratio === undefined), name)
    }
  })
})
