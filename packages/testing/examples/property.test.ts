import { assert, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Random, Schema } from "effect"

it.effect.prop("a text and its reverse are equally long", { text: Schema.String }, ({ text }) =>
  Effect.sync(() => {
    assert.strictEqual([...text].reverse().join("").length, text.length)
  }), Property.tries(25))

it.effect.each(Property.seeds(2))("chance stays below its bound (seed %i)", (seed) =>
  Effect.gen(function*() {
    assert.isBelow(yield* Random.nextIntBetween(0, 10), 10)
  }).pipe(Random.withSeed(seed)))
