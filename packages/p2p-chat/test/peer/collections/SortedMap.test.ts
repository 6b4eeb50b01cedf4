/** A map that never changes against one that does, and how little a change costs whatever the keys are. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Order, Schema } from "effect"
import * as SortedMap from "../../../src/peer/collections/SortedMap.ts"

type Map = SortedMap.SortedMap<number, number>
type Tree = Map["root"]

const empty: Map = SortedMap.empty(Order.Number)
const of = (keys: ReadonlyArray<number>) => keys.reduce((map, key) => SortedMap.set(map, key, -key), empty)
const sorted = (map: globalThis.Map<number, number>) => [...map].sort(([one], [other]) => one - other)

/** The nodes of a tree. */
const nodesOf = (tree: Tree): ReadonlyArray<Tree> =>
  tree === undefined ? [] : [tree, ...nodesOf(tree.left), ...nodesOf(tree.right)]
const depthOf = (tree: Tree): number => tree === undefined ? 0 : 1 + Math.max(depthOf(tree.left), depthOf(tree.right))

const key = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 }))

describe("a sorted map", () => {
  it.effect.prop(
    "holds what a Map holds, in the order of the keys, whatever is set and removed, and is what it was afterwards",
    { changes: Schema.Array(Schema.Struct({ key, value: Schema.Literals([0, 1, 2]) })) },
    ({ changes }) =>
      Effect.sync(() => {
        const usual = new globalThis.Map<number, number>()
        let map = empty
        for (const { key, value } of changes) {
          const before = sorted(usual)
          const next = value === 0 ? SortedMap.remove(map, key) : SortedMap.set(map, key, value)
          assert.deepStrictEqual([...SortedMap.entries(map)], before)
          if (value === 0) usual.delete(key)
          else usual.set(key, value)
          assert.strictEqual(SortedMap.get(next, key), usual.get(key))
          assert.strictEqual(SortedMap.has(next, key), value !== 0)
          map = next
        }
        const all = sorted(usual)
        assert.deepStrictEqual([...SortedMap.entries(map)], all)
        assert.strictEqual(SortedMap.size(map), usual.size)
        assert.strictEqual(SortedMap.first(map), all[0]?.[1])
        assert.isAtMost(depthOf(map.root), 2 * Math.log2(usual.size + 2))
      }),
    Property.tries(30, { size: 200 })
  )

  it("is shallow whatever keys are chosen, and shares all but a path with the map that it was made of", () => {
    const ascending = Array.from({ length: 10_000 }, (_, index) => index)
    for (const keys of [ascending, ascending.toReversed(), ascending.map((key) => key * 7919 % 10_007)]) {
      const map = of(keys)
      assert.isAtMost(depthOf(map.root), 26)
      const nodes = new Set(nodesOf(map.root))
      for (const next of [SortedMap.set(map, 77, 0), SortedMap.set(map, 0.5, 0), SortedMap.remove(map, 4999)]) {
        // A rotation makes two nodes more.
        assert.isAtMost(nodesOf(next.root).filter((node) => !nodes.has(node)).length, depthOf(next.root) + 4)
      }
      const half = keys.slice(0, 5000).reduce(SortedMap.remove, map)
      assert.isAtMost(depthOf(half.root), 25)
      assert.strictEqual(SortedMap.size(half), 5000)
    }
  })

  it("is itself when a key is removed that it does not have", () => {
    const map = of([1, 2])
    assert.strictEqual(SortedMap.remove(map, 3), map)
  })

  it("takes no time for entries that nobody looks at", () => {
    const [first, second] = SortedMap.entries(of([3, 1, 2]))
    assert.deepStrictEqual([first, second], [[1, -1], [2, -2]])
  })
})
