import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Schema } from "effect"
import * as IdQueue from "../../../src/peer/collections/IdQueue.ts"
import { id } from "../Network.ts"

describe("a queue of ids", () => {
  it.effect.prop(
    "has each id once, in the order in which they came",
    {
      changes: Schema.Array(Schema.Struct({
        number: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9 })),
        isAdded: Schema.Boolean
      }))
    },
    ({ changes }) =>
      Effect.sync(() => {
        const usual = new Set<number>()
        let queue = IdQueue.empty
        for (const { isAdded, number } of changes) {
          if (isAdded) usual.add(number)
          else usual.delete(number)
          queue = (isAdded ? IdQueue.add : IdQueue.remove)(queue, id(number))
          assert.deepStrictEqual(IdQueue.first(queue), [...usual].map(id))
          assert.deepStrictEqual(IdQueue.first(queue, 2), [...usual].slice(0, 2).map(id))
          assert.strictEqual(IdQueue.has(queue, id(number)), isAdded)
          assert.strictEqual(IdQueue.isEmpty(queue), usual.size === 0)
        }
      }),
    Property.tries(30)
  )
})
