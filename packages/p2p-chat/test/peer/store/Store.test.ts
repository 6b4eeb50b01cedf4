/** What is kept for peers that cannot be reached: order, bounds, age, and the same as a naive store. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Duration, Effect, Schema } from "effect"
import * as Store from "../../../src/peer/store/Store.ts"
import { id } from "../Network.ts"
import { chat, empty, make, naive } from "./Stores.ts"

describe("what is kept", () => {
  it("is passed over where it would go back to the neighbour it came from, until it may", () => {
    const store = make()
    const put = (text: string, from?: number) =>
      store.put("10.0.0.9", chat(2, text), 0, from === undefined ? undefined : id(from))
    put("a", 9)
    put("b")
    put("c", 8)
    assert.deepStrictEqual(store.take(2, 1, id(9)), ["b"])
    put("d")
    assert.deepStrictEqual(store.take(2, 9, id(8)), ["a", "d"])
    put("e", 9)
    store.free(2)
    put("f", 8)
    assert.deepStrictEqual(store.take(2, 9, id(8)), ["c", "e"])
    assert.deepStrictEqual(store.take(2), ["f"])
  })

  it("leaves the midst of a crowd without disturbing the others", () => {
    const store = make()
    const crowd = Array.from({ length: 10_000 }, (_, index) => index)
    for (const to of crowd) store.put(`10.0.${to % 7}.1`, chat(to, `${to}`), to)
    for (const to of crowd.filter((to) => to % 3 === 1)) assert.deepStrictEqual(store.take(to), [`${to}`])
    const staying = crowd.filter((to) => to % 3 !== 1)
    assert.deepStrictEqual(store.summary().rows, staying.map((to) => ({ id: id(to), messages: 1 })))
    assert.deepStrictEqual(staying.flatMap((to) => store.take(to)), staying.map(String))
    assert.deepInclude(store.summary(), { size: 0, bytes: 0 })
  })
})

describe("age", () => {
  it("ends nothing where it is not bounded", () => {
    const store = make({ maxStoredFor: Duration.infinity })
    store.put("10.0.0.9", chat(2))
    assert.deepStrictEqual([store.summary().earliest, store.expire(Number.MAX_SAFE_INTEGER)], [Infinity, []])
  })
})

describe("the store", () => {
  const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

  it.effect.prop(
    "does what a naive one does, whatever happens",
    {
      maxStored: between(1, 12),
      maxStoredBytes: between(1, 12),
      happenings: Schema.Array(Schema.Struct({
        what: Schema.Literals(["put", "put", "put", "put", "take", "expire"]),
        origin: Schema.Literals([Store.own, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]),
        to: between(1, 5),
        length: Schema.Literals([0, 1, 100, 300, 1000]),
        room: between(0, 4),
        passed: between(-1, 3)
      })).check(Schema.isMinLength(20), Schema.isMaxLength(60))
    },
    ({ happenings, maxStored, maxStoredBytes }) =>
      Effect.sync(() => {
        const limits = { maxStored, maxStoredBytes: maxStoredBytes * empty, maxStoredFor: Duration.millis(20) }
        const [store, model] = [make(limits), naive(limits)]
        let at = 0
        for (const { length, origin, passed, room, to, what } of happenings) {
          at += passed
          const message = chat(to, "x".repeat(length))
          if (what === "put") {
            assert.deepStrictEqual(store.put(origin, message, at), model.put(origin, message, at))
          }
          if (what === "take") assert.deepStrictEqual(store.take(to, room), model.take(to, room))
          if (what === "expire") assert.deepStrictEqual(store.expire(at), model.expire(at))
          assert.deepStrictEqual(store.summary(), model.summary())
          assert.strictEqual(store.has(to), model.summary().rows.some((row) => row.id === id(to)))
        }
      }),
    Property.tries(100)
  )
})
