/** Made-up ids are those of the originals, bit for bit, in any time zone. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Random } from "effect"
import { TestClock } from "effect/testing"
import { usable } from "../../src/codec/PeerId.ts"
import * as Identity from "../../src/peer/Identity.ts"
import { derivations } from "../fixtures/Vectors.ts"

const zones = Object.entries(derivations).map(([zone, derivation]) => ({ zone, ...derivation }))
const millis = (seconds: number) => Math.round(seconds * 1000)
const inZone = (zone: string) => DateTime.withCurrentZone(DateTime.zoneMakeNamedUnsafe(zone))

/** Chance that always falls on this assigner. */
const assigning = (assigner: number | bigint) =>
  Effect.provideService(Random.Random, {
    nextIntUnsafe: () => Number(assigner),
    nextDoubleUnsafe: () => (Number(assigner) + 0.5) / (2 ** 32 + 1)
  })

describe("an id", () => {
  it.each(zones)("is made of tick, hash and number, before the origin too, as in $zone", (recorded) => {
    const { folded_hash, ids, origin_centiseconds, zone } = recorded
    assert.strictEqual(Identity.originIn(DateTime.zoneMakeNamedUnsafe(zone)), origin_centiseconds)
    for (const [assigner, hash] of Object.entries(folded_hash)) {
      assert.strictEqual(Identity.fold(Number(assigner)), hash)
    }
    let latest = Identity.beginning
    for (const { assigner, id, now } of ids) {
      latest = Identity.count(latest, Identity.ticksAt(millis(now)) - origin_centiseconds)
      assert.strictEqual(Identity.derive({ ...latest, hash: Identity.fold(Number(assigner)) }), id)
    }
  })

  it.effect.each(zones)(
    "repeats the first one of a tick as the 513th in $zone",
    ({ sequence, zone }) =>
      Effect.gen(function*() {
        yield* TestClock.setTime(millis(sequence.now))
        const { next } = yield* Identity.generator
        const ids = yield* Effect.all(Array.from({ length: 514 }, () => next))
        assert.deepStrictEqual(
          [ids[0], ids[1], ids[511], ids[512], ids[513]],
          [sequence.first, sequence.second, sequence.n512, sequence.n513, sequence.n514]
        )
        assert.strictEqual(new Set(ids).size, 512)
      }).pipe(assigning(sequence.assigner), inZone(zone))
  )

  // Python: int(2147483941.68 * 100)
  it("begins some ticks of 2038 as late as floating point does", () => {
    assert.deepStrictEqual([2147483941680, 2147483941681].map(Identity.ticksAt), [214748394167, 214748394168])
  })
})

describe("a generator", () => {
  it.effect.each(zones)(
    "makes the very ids that an original made in $zone",
    ({ ids, origin_centiseconds, zone }) =>
      Effect.gen(function*() {
        const { next } = yield* Identity.generator
        for (const { assigner, id, now } of ids) {
          // What an original makes before the origin no peer can have.
          if (Identity.ticksAt(millis(now)) < origin_centiseconds) continue
          yield* TestClock.setTime(millis(now))
          assert.strictEqual(yield* assigning(assigner)(next), id)
        }
      }).pipe(inZone(zone))
  )

  it.effect("counts in the local time zone where no other is given", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1_800_000_000_250)
      const [anywhere, here] = [yield* Identity.generator, yield* DateTime.withCurrentZoneLocal(Identity.generator)]
      assert.strictEqual(yield* anywhere.next, yield* here.next)
    }).pipe(assigning(7)))

  it.effect("draws a new assigner for each id, the same ones from the same seed", () =>
    Effect.gen(function*() {
      const made = Effect.gen(function*() {
        const { next } = yield* Identity.generator
        return yield* Effect.all(Array.from({ length: 20 }, () => next))
      }).pipe(Random.withSeed("ids"))
      const ids = yield* made
      assert.strictEqual(new Set(ids.map((id) => BigInt.asUintN(16, id >> 9n))).size, 20)
      assert.deepStrictEqual(yield* made, ids)
    }))

  it.effect.each([
    { name: "before 2024, as in most simulations", at: 0 },
    { name: "before the origin in New York", at: 1_704_067_200_000 },
    { name: "after 2111", at: Date.UTC(2150, 0) }
  ])("makes usable ids $name", ({ at }) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(at)
      const { next } = yield* Identity.generator
      const [one, other] = [yield* next, yield* next]
      assert.isTrue(usable(one) && usable(other))
      assert.strictEqual(BigInt.asUintN(9, other), BigInt.asUintN(9, one) + 1n)
    }).pipe(inZone("America/New_York")))
})
