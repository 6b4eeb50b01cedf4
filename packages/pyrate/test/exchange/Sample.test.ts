/** Random choices. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import { pick, sample } from "../../src/exchange/Sample.ts"

const list = Array.from({ length: 20 }, (_, index) => index)

describe("a sample", () => {
  it.effect.each([3, 4, 99])("of %i of three is the whole list in its order", (count) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* sample(["a", "b", "c"], count), ["a", "b", "c"])
      assert.deepStrictEqual(yield* sample([], 0), [])
    }))

  it.effect("has so many, none twice, whatever chance says", () =>
    Effect.gen(function*() {
      for (let round = 0; round < 500; round++) {
        const count = round % list.length
        const picked = yield* sample(list, count)
        assert.strictEqual(picked.length, count)
        assert.strictEqual(new Set(picked).size, count)
        assert.includeMembers([...list], [...picked])
      }
    }).pipe(Random.withSeed(1)))

  it("is each of all ordered choices exactly once when all chances are gone through", () => {
    const seen = new Map<string, number>()
    for (const first of [0, 1, 2, 3]) {
      for (const second of [0, 1, 2]) {
        const picked = pick(["a", "b", "c", "d"], [first / 4, second / 3]).join("")
        seen.set(picked, (seen.get(picked) ?? 0) + 1)
      }
    }
    assert.strictEqual(seen.size, 12)
    assert.isTrue([...seen.values()].every((times) => times === 1))
  })

  it("takes as long for a long list as for what is picked", () => {
    const long = Array.from({ length: 200_000 }, (_, index) => index)
    assert.strictEqual(new Set(pick(long, long.slice(1).map(() => 0.5))).size, 199_999)
  })
})
