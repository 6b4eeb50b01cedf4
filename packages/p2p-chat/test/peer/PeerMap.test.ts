/** A map that never changes against one that does, and what ids that were chosen to meet in one place do to it. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Schema } from "effect"
import * as PeerId from "../../src/codec/PeerId.ts"
import * as PeerMap from "../../src/peer/PeerMap.ts"

/** Ids that were chosen to have the first half of their places in common. */
const meeting = Array.from({ length: 40 }, (_, index) => {
  const low = Math.imul(index, 0x9e3779b1)
  return BigInt.asIntN(64, (BigInt(index) << 32n) | BigInt.asUintN(32, BigInt(low)))
})

/** Ids that differ in many bits, in a few, or in one far up only. */
const ids = [
  ...Array.from({ length: 80 }, (_, index) => BigInt(index)),
  ...Array.from({ length: 64 }, (_, bit) => BigInt.asIntN(64, 1n << BigInt(bit))),
  ...Array.from({ length: 32 }, (_, bit) => BigInt.asIntN(64, 77n | (1n << BigInt(32 + bit)))),
  ...meeting,
  -1n,
  2n ** 63n - 1n
].map(PeerId.make)

const of = (entries: Iterable<readonly [PeerId.PeerId, number]>): PeerMap.PeerMap<number> => {
  let map: PeerMap.PeerMap<number> = PeerMap.empty
  for (const [id, value] of entries) map = PeerMap.set(map, id, value)
  return map
}

/** The branches of each level, from the root on. */
const levelsOf = ({ root }: PeerMap.PeerMap<number>) => {
  const levels = [[root]]
  for (let level = levels[0] ?? []; level.length > 0; levels.push(level)) {
    level = level.flatMap(({ children }) => children.flatMap((node) => node._tag === "Branch" ? [node] : []))
  }
  return levels
}

/** How many branches lie above the lowest entry. */
const depthOf = (map: PeerMap.PeerMap<number>): number => levelsOf(map).length - 1

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

describe("a map by id", () => {
  it.effect.prop(
    "holds what a Map holds, whatever is set and removed",
    {
      changes: Schema.Array(Schema.Struct({
        which: between(0, new Set(ids).size - 1),
        // None: it is taken out.
        value: between(0, 3)
      })).check(Schema.isMaxLength(300))
    },
    ({ changes }) =>
      Effect.sync(() => {
        const usual = new Map<PeerId.PeerId, number>()
        const distinct = [...new Set(ids)]
        let map: PeerMap.PeerMap<number> = PeerMap.empty
        for (const { value, which } of changes) {
          const id = distinct[which] ?? PeerId.make(0n)
          if (value === 0) usual.delete(id)
          else usual.set(id, value)
          map = value === 0 ? PeerMap.remove(map, id) : PeerMap.set(map, id, value)
        }
        assert.strictEqual(map.size, usual.size)
        assert.deepStrictEqual(new Map(PeerMap.entries(map)), usual)
        for (const id of distinct) {
          assert.strictEqual(PeerMap.get(map, id), usual.get(id))
          assert.strictEqual(PeerMap.has(map, id), usual.has(id))
        }
      }),
    Property.tries(30)
  )

  it("is what it was when another one was made of it", () => {
    const before = of(ids.map((id) => [id, 1]))
    for (const id of ids) {
      assert.strictEqual(PeerMap.get(PeerMap.set(before, id, 2), id), 2)
      assert.isFalse(PeerMap.has(PeerMap.remove(before, id), id))
    }
    assert.deepStrictEqual(before, of(ids.map((id) => [id, 1])))
  })

  it("has nothing left of what was taken out, whatever stays", () => {
    const full = of(ids.map((id) => [id, 1]))
    for (
      const staying of [meeting.slice(0, 2), meeting.slice(1, 2), ids.slice(70, 90), []].map((some) =>
        some.map(PeerId.make)
      )
    ) {
      const gone = ids.filter((id) => !staying.includes(id))
      assert.deepStrictEqual(gone.reduce(PeerMap.remove<number>, full), of(staying.map((id) => [id, 1])))
    }
  })

  it("shares all but a branch of each level with the one it was made of", () => {
    const before = of(Array.from({ length: 10_000 }, (_, index) => [PeerId.make(BigInt(index)), 1]))
    const branches = new Set(levelsOf(before).flat())
    for (const id of [77n, 5_000_000n].map(PeerId.make)) {
      for (const after of [PeerMap.set(before, id, 2), PeerMap.remove(before, id)]) {
        assert.isAtMost(levelsOf(after).flat().filter((branch) => !branches.has(branch)).length, depthOf(after))
      }
    }
  })

  it("is itself when a change changes nothing", () => {
    const map = of([[PeerId.make(1n), 1]])
    assert.strictEqual(PeerMap.set(map, PeerId.make(1n), 1), map)
    assert.strictEqual(PeerMap.remove(map, PeerId.make(2n)), map)
  })

  it("gives as many entries as are asked for", () => {
    const map = of(ids.map((id) => [id, 1]))
    assert.deepStrictEqual([-1, 0, 1, 7].map((most) => PeerMap.entries(map, most).length), [0, 0, 1, 7])
  })

  it("is shallow for ids made one after another, and nowhere deeper than 14 for any", () => {
    const snowflakes = Array.from({ length: 10_000 }, (_, index) => BigInt(9_000_000_000 + index) << 25n)
    const counted = Array.from({ length: 10_000 }, (_, index) => BigInt(index))
    for (const some of [snowflakes, counted]) {
      assert.isAtMost(depthOf(of(some.map((id) => [PeerId.make(id), 1]))), 6)
    }
    const depth = depthOf(of(ids.map((id) => [id, 1])))
    assert.isAbove(depth, 7)
    assert.isAtMost(depth, 14)
  })
})
