/** A map that never changes against one that does, and how little a change costs whatever the keys are. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Order, Schema } from "effect"
import * as SortedMap from "../../../src/peer/collections/SortedMap.ts"

type Map = SortedMap.SortedMap<number, number>

const empty: Map = SortedMap.empty(Order.Number)
const filled = (map: Map, keys: ReadonlyArray<number>) => keys.reduce((map, key) => SortedMap.set(map, key, -key), map)
const sorted = (map: globalThis.Map<number, number>) => [...map].sort(([one], [other]) => one - other)

/** Everything that a map is made of. */
const partsOf = (map: Map): ReadonlySet<object> => {
  const parts = new Set<object>([map])
  for (const part of parts) {
    const inner: ReadonlyArray<unknown> = Object.values(part)
    for (const value of inner) if (typeof value === "object" && value !== null) parts.add(value)
  }
  return parts
}

const key = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 }))

/** Tries changes of a map that has these keys, for each of which the map before stays as it was. */
const agrees = (
  keys: ReadonlyArray<number>,
  changes: ReadonlyArray<{ readonly key: number; readonly value: number }>
) => {
  const usual = new globalThis.Map(keys.map((key) => [key, -key]))
  let map = filled(empty, keys)
  for (const { key, value } of changes) {
    const before = sorted(usual)
    const next = value === 0 ? SortedMap.remove(map, key) : SortedMap.set(map, key, value)
    assert.deepStrictEqual([...map.entries()], before)
    if (value === 0) usual.delete(key)
    else usual.set(key, value)
    assert.strictEqual(next.get(key), usual.get(key))
    assert.strictEqual(next.has(key), value !== 0)
    map = next
  }
  const all = sorted(usual)
  assert.deepStrictEqual([...map.entries()], all)
  assert.deepStrictEqual([...map.keys()], all.map(([key]) => key))
  assert.deepStrictEqual([...map.values()], all.map(([, value]) => value))
  assert.strictEqual(map.size, usual.size)
  assert.strictEqual(SortedMap.first(map), all[0]?.[1])
}

describe("a sorted map", () => {
  it.effect.prop(
    "holds what a Map holds, in the order of the keys, whatever is set and removed, and is what it was afterwards",
    { changes: Schema.Array(Schema.Struct({ key, value: Schema.Literals([0, 1, 2]) })) },
    ({ changes }) =>
      Effect.sync(() => {
        agrees([], changes)
        // Enough for a tree of several nodes, which these changes split and merge.
        agrees(Array.from({ length: 200 }, (_, index) => index * 0.2), changes)
      }),
    Property.tries(30, { size: 200 })
  )

  it("costs little whatever keys are chosen, and shares all but a path with the map that it was made of", () => {
    let comparisons = 0
    const counted: Map = SortedMap.empty((one, other) => {
      comparisons++
      return Order.Number(one, other)
    })
    const comparisonsOf = (what: () => unknown) => {
      comparisons = 0
      what()
      return comparisons
    }
    const ascending = Array.from({ length: 10_000 }, (_, index) => index)
    for (const keys of [ascending, ascending.toReversed(), ascending.map((key) => key * 7919 % 10_007)]) {
      const map = filled(counted, keys)
      const parts = partsOf(map)
      const all = [
        () => SortedMap.set(map, 77, 0),
        () => SortedMap.set(map, 0.5, 0),
        () => SortedMap.remove(map, 4999)
      ]
      for (const change of all) {
        assert.isAtMost(comparisonsOf(change), 26)
        // Three levels of nodes with two arrays each, a node beside each that was split or merged, and the map.
        assert.isAtMost([...partsOf(change())].filter((part) => !parts.has(part)).length, 19)
      }
      assert.isAtMost(comparisonsOf(() => map.get(4999)), 26)
      const half = keys.slice(0, 5000).reduce(SortedMap.remove, map)
      assert.isAtMost(comparisonsOf(() => half.get(keys[7777] ?? 0)), 25)
      assert.isAtMost(comparisonsOf(() => SortedMap.set(half, 0.5, 0)), 25)
      assert.strictEqual(half.size, 5000)
    }
  })

  it("is itself when a key is removed that it does not have", () => {
    const map = filled(empty, [1, 2])
    assert.strictEqual(SortedMap.remove(map, 3), map)
  })

  it("takes no time for entries that nobody looks at", () => {
    const [first, second] = filled(empty, [3, 1, 2]).entries()
    assert.deepStrictEqual([first, second], [[1, -1], [2, -2]])
  })
})
