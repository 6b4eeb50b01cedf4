import { assert, describe, it } from "@effect/vitest"
import * as Verdict from "../src/Verdict.ts"
import { absence, job, result } from "./Fixtures.ts"

describe("Verdict", () => {
  it("wants at least the ratio where more is better", () => {
    const targets = [{ against: "plain", ratio: 0.8 }]
    const reached = (ours: number) =>
      Verdict.of(job({ targets }), [result("ours", [ours]), result("plain", [100])])[0]?.reached
    assert.deepStrictEqual([79, 80, 200].map(reached), [false, true, true])
  })

  it("wants at most the ratio where less is better", () => {
    const targets = [{ against: "plain", ratio: 1.5 }]
    const reached = (ours: number) =>
      Verdict.of(job({ better: "less", targets }), [result("ours", [ours]), result("plain", [100])])[0]?.reached
    assert.deepStrictEqual([20, 150, 151].map(reached), [true, true, false])
  })

  it("compares medians", () => {
    const [verdict] = Verdict.of(job(), [result("ours", [1, 30, 1000]), result("plain", [10, 20, 21])])
    assert.strictEqual(verdict?.ratio, 1.5)
  })

  it("wants less CPU even where more is better", () => {
    const targets = [{ against: "plain", of: "cpu", ratio: 2 }] as const
    const verdicts = (cpu: number) =>
      Verdict.of(job({ targets }), [result("ours", [1], cpu), result("plain", [100], 10)])
    assert.deepStrictEqual(verdicts(20), [{ against: "plain", of: "cpu", ratio: 2, target: 2, reached: true }])
    assert.deepStrictEqual(verdicts(25), [{ against: "plain", of: "cpu", ratio: 2.5, target: 2, reached: false }])
  })

  it("does not take a target of CPU for reached where no CPU was told", () => {
    const targets = [{ against: "plain", of: "cpu", ratio: 2 }] as const
    const [verdict] = Verdict.of(job({ targets }), [result("ours", [1]), result("plain", [1])])
    assert.isFalse(verdict?.reached)
  })

  it("wants the difference, not the ratio, where that is the target", () => {
    const targets = [{ against: "plain", beyond: 12 }]
    const verdict = (ours: number) =>
      Verdict.of(job({ better: "less", targets }), [result("ours", [ours]), result("plain", [4])])
    assert.deepStrictEqual(verdict(16), [
      { against: "plain", of: "value", ratio: 4, difference: 12, beyond: 12, reached: true }
    ])
    assert.deepStrictEqual(verdict(17).map(({ difference, reached }) => [difference, reached]), [[13, false]])
  })

  it("is for information where there is no target", () => {
    assert.deepStrictEqual(Verdict.of(job(), [result("ours", [3]), result("plain", [2])]), [
      { against: "plain", of: "value", ratio: 1.5 }
    ])
  })

  it("judges several targets against the same one by one", () => {
    const targets = [{ against: "plain", ratio: 1 }, { against: "plain", of: "cpu", ratio: 2 }] as const
    const verdicts = Verdict.of(job({ targets }), [result("ours", [2], 3), result("plain", [1], 1)])
    assert.deepStrictEqual(verdicts.map(({ of, reached }) => [of, reached]), [["value", true], ["cpu", false]])
  })

  it("says nothing about who was absent", () => {
    const targets = [{ against: "original", ratio: 5 }]
    const results = [result("ours", [2]), absence("original"), result("plain", [1])]
    assert.deepStrictEqual(Verdict.of(job({ targets }), results).map(({ against }) => against), ["plain"])
    assert.deepStrictEqual(Verdict.of(job({ targets }), []), [])
  })

  it("holds our own value to its bound, whichever way is better", () => {
    const kept = (better: "less" | "more", value: number) =>
      Verdict.bounded(job({ better, bound: 10 }), [result("ours", [value]), result("plain", [1])])
    assert.deepStrictEqual([9, 10, 11].map((value) => kept("less", value)), [true, true, false])
    assert.deepStrictEqual([9, 10, 11].map((value) => kept("more", value)), [false, true, true])
    assert.isUndefined(Verdict.bounded(job(), [result("ours", [1])]))
  })
})
