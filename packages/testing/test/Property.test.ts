import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Schema } from "effect"

const soaked = process.env["PEERAGE_SEED"] !== undefined

describe("a property", () => {
  it("is tried as often as npm test should, and more often in a soak, with the seed of the run", () => {
    const { arbitrary } = Property.tries(3, { size: 30 })
    assert.deepStrictEqual(arbitrary, { size: 30, runs: soaked ? 3 * Number(process.env["PEERAGE_RUNS"] ?? 1) : 3 })
    assert.strictEqual(Property.seed === "peerage", !soaked)
  })

  const tried: Array<number> = []
  const again: Array<number> = []
  const plain: Array<number> = []
  const note = (values: Array<number>) => ({ value }: { readonly value: number }) =>
    Effect.sync(() => {
      values.push(value)
    })
  it.effect.prop("sees its values", { value: Schema.Int }, note(tried), Property.tries(4))
  it.effect.prop("sees the same values again", { value: Schema.Int }, note(again), Property.tries(4))
  it.effect.prop("is tried 25 times where nobody says how often", { value: Schema.Int }, note(plain))

  it("saw as many as were asked for, by the seed of the run", () => {
    assert.strictEqual(tried.length, Property.tries(4).arbitrary.runs)
    assert.deepStrictEqual(again, tried)
    assert.strictEqual(plain.length, Property.tries(25).arbitrary.runs)
  })
})

describe("seeds", () => {
  it("are different whole numbers, the same ones throughout a run", () => {
    const seeds = Property.seeds(50)
    assert.strictEqual(new Set(seeds).size, Property.tries(50).arbitrary.runs)
    assert.deepStrictEqual(Property.seeds(50), seeds)
    assert.isTrue(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32))
  })
})
