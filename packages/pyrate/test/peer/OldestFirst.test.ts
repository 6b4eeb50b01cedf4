/** A map that knows which key was set longest ago, against JavaScript's own. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Schema } from "effect"
import * as OldestFirst from "../../src/peer/OldestFirst.ts"

const Key = Schema.Literals(["a", "b", "c", "d", "e"])
const Step = Schema.TaggedUnion({ Set: { key: Key, value: Schema.Int }, Remove: { key: Key } })

describe("a map, oldest first", () => {
  it.prop("holds what was set, in that order, whatever is done", [Schema.Array(Step)], ([steps]) => {
    const model = new Map<string, number>()
    let map = OldestFirst.empty<string, number>()
    for (const step of steps) {
      model.delete(step.key)
      if (step._tag === "Set") model.set(step.key, step.value)
      map = step._tag === "Set" ? OldestFirst.set(map, step.key, step.value) : OldestFirst.remove(map, step.key)
    }
    assert.strictEqual(OldestFirst.size(map), model.size)
    for (const key of ["a", "b", "c", "d", "e"]) assert.strictEqual(OldestFirst.get(map, key), model.get(key))
    // Removed from its beginning it gives all in order.
    for (const [key, value] of model) {
      assert.deepStrictEqual(OldestFirst.oldest(map), [key, value])
      map = OldestFirst.remove(map, key)
    }
    assert.deepStrictEqual([OldestFirst.size(map), OldestFirst.oldest(map)], [0, undefined])
  }, Property.tries(100))

  it("stays as it was when it is changed", () => {
    const before = OldestFirst.set(OldestFirst.empty<string, number>(), "a", 1)
    OldestFirst.set(before, "b", 2)
    OldestFirst.remove(before, "a")
    assert.deepStrictEqual([OldestFirst.size(before), OldestFirst.oldest(before)], [1, ["a", 1]])
  })
})
