/** Whatever happens to a network: once it had its time, everybody knows and reaches exactly those who can be reached. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { type Duration, Effect, Schema } from "effect"
import { elapse, id, ipOf, reached, visit } from "./Network.ts"
import { large, live, stories } from "./Reach.ts"

describe("a small network", () => {
  const size = Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 9 }))

  it.effect.prop(
    "knows and reaches exactly those who are there, whoever came, left, died or was cut off",
    { size, ...stories(10, 40) },
    ({ size, ...story }) => live(story, { size, receivers: size, parentOf: (number) => Math.ceil(number / 2) }),
    Property.tries(25, { maxShrinks: 100 })
  )
})

large(40, Property.tries(1, { size: 30, maxShrinks: 0 }))

describe("a neighbour that dies while text for it is under way", () => {
  const cases: ReadonlyArray<
    { readonly patience: string; readonly userTimeout?: Duration.Input; readonly millis: number }
  > = [
    { patience: "the 924.6 seconds of Linux", millis: 924_600 },
    { patience: "20 seconds, where it is told to wait no longer", userTimeout: "20 seconds", millis: 20_000 }
  ]

  it.effect.each(cases)("is found out after $patience", ({ millis, userTimeout }) =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const a = yield* visit(10)
      const b = yield* visit(11, 10)
      yield* visit(12, 10)
      yield* network.kill(ipOf(12))
      yield* b.send(id(12), "into the void")
      yield* elapse(millis - 1)
      assert.deepStrictEqual([yield* reached(a), yield* reached(b)], [[11, 12], [10, 12]])
      yield* elapse(1)
      assert.deepStrictEqual([yield* reached(a), yield* reached(b)], [[11], [10]])
      assert.deepInclude(a.told, { _tag: "Left", peer: id(12), reason: "ETIMEDOUT" } as const)
      assert.deepInclude(b.told, { _tag: "Left", peer: id(12), reason: "Withdrawn" } as const)
    }).pipe(Effect.provide(MemoryNetwork.layer({ userTimeout }))))
})
