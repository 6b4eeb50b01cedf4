/** Ours and originals in any tree, coming and going in any order. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Schema } from "effect"
import { Happening, MixedWorld } from "./MixedWorld.ts"
import { elapse, reach, simulated } from "./Network.ts"

const Newcomer = Schema.Struct({ kind: Schema.Literals(["Ours", "Original"]), at: Schema.Natural })

describe("a network of ours and originals", () => {
  it.effect.prop(
    "knows whom it was told of, and each message to one who is known arrives once, as it was said",
    { newcomers: Schema.Array(Newcomer).check(Schema.isMinLength(2), Schema.isMaxLength(12)) },
    ({ newcomers }) =>
      Effect.gen(function*() {
        const world = new MixedWorld()
        for (const [index, { at, kind }] of newcomers.entries()) {
          yield* world.join(index + 1, kind, at % (index + 1))
          yield* elapse("200 millis")
        }
        const expected = new Map(world.numbers.map((number): [number, Array<string>] => [number, []]))
        for (const number of world.numbers) {
          assert.deepStrictEqual(yield* world.known(number), world.knowledge.of(number), `whom ${number} knows`)
          for (const to of world.knowledge.of(number)) {
            const text = `für ${to} ${"…".repeat(number)}`
            yield* world.say(number, to, text)
            expected.get(to)?.push(`${number}: ${text}`)
          }
        }
        yield* elapse("1 second")
        for (const [number, texts] of expected) {
          assert.sameMembers([...world.heardBy(number)], texts, `what ${number} heard`)
        }
        assert.deepStrictEqual(world.veterans.flatMap(({ harm }) => harm), [])
      }).pipe(Effect.scoped, simulated),
    Property.tries(10)
  )

  it.effect.prop(
    "harms no original with a LEAVE or a cut frame, and ours still reach ours, whoever came and went",
    { happenings: Schema.Array(Happening).check(Schema.isMinLength(40), Schema.isMaxLength(80)) },
    ({ happenings }) =>
      Effect.gen(function*() {
        const world = new MixedWorld()
        for (const happening of happenings) yield* world.happen(happening)
        yield* elapse("1 second")
        // What an original has forgotten the way to is its own doing; what it is told and how is ours.
        const harm = world.veterans.flatMap(({ harm }) => harm.map(({ by }) => by)).filter((by) =>
          !by.startsWith("KeyError")
        )
        assert.deepStrictEqual(harm, [])
        assert.notInclude(world.circled, "Ours", "who passes a text in a circle")
        for (const [number, visitor] of world.ours) {
          const joined = (one: number, other: number) =>
            world.parents.get(one) === other || world.parents.get(other) === one
          const others = [...reach(number, world.numbers, joined).keys()]
          assert.includeMembers([...yield* world.known(number)], others, `whom ${number} knows`)
          visitor.told.length = 0
          for (const to of others) yield* world.say(to, number, `from ${to}`)
          yield* elapse("100 millis")
          assert.sameMembers([...world.heardBy(number)], others.map((to) => `${to}: from ${to}`))
        }
      }).pipe(Effect.scoped, simulated),
    Property.tries(10)
  )
})
