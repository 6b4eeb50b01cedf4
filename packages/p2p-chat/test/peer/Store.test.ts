/** What is kept for peers that cannot be reached: order, bounds, age, and the same as a naive store. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Duration, Effect, Schema } from "effect"
import * as Store from "../../src/peer/Store.ts"
import { chat, empty, id, make, naive, take, texts } from "./Stores.ts"

describe("what is kept", () => {
  it("comes back oldest first, for its receiver only, once", () => {
    const { put, store } = make()
    for (const text of ["a", "b", "c"]) {
      put("10.0.0.9", chat(2, text))
      put(Store.self, chat(3, text.toUpperCase()))
    }
    assert.deepStrictEqual(texts(take(store, 2)), ["a", "b", "c"])
    assert.deepStrictEqual(texts(take(store, 2)), [])
    assert.deepStrictEqual(texts(take(store, 3)), ["A", "B", "C"])
  })

  it("is three messages when the same was said three times", () => {
    const { put, store } = make()
    const same = chat(2, "hello")
    for (let times = 0; times < 3; times++) assert.deepStrictEqual(put("10.0.0.9", same), { kept: true, discarded: [] })
    assert.deepStrictEqual(take(store, 2).map(({ message }) => message), [same, same, same])
  })

  it("comes back in portions where there is little room", () => {
    const { put, store } = make()
    for (const text of ["a", "b", "c"]) put(Store.self, chat(2, text))
    assert.deepStrictEqual([0, 2, 2, 2].map((room) => texts(take(store, 2, room))), [[], ["a", "b"], ["c"], []])
  })

  it("is passed over where it would go back to the neighbour it came from, until it may", () => {
    const { store } = make()
    const put = (text: string, from?: number) =>
      store.put(chat(2, text), { origin: "10.0.0.9", at: 0, ...from !== undefined && { from: id(from) } })
    put("a", 9)
    put("b")
    put("c", 8)
    assert.deepStrictEqual(texts(take(store, 2, 1, id(9))), ["b"])
    put("d")
    assert.deepStrictEqual(texts(take(store, 2, 9, id(8))), ["a", "d"])
    put("e", 9)
    store.free(id(2))
    put("f", 8)
    assert.deepStrictEqual(texts(take(store, 2, 9, id(8))), ["c", "e"])
    assert.deepStrictEqual(texts(take(store, 2)), ["f"])
  })

  it("is counted, and no longer once it is gone", () => {
    const { put, store } = make()
    put(Store.self, chat(2, "four"))
    put("10.0.0.9", chat(3))
    assert.deepStrictEqual([store.size, store.bytes], [2, 2 * empty + 8])
    assert.deepStrictEqual([store.has(id(2)), store.has(id(3)), store.has(id(4))], [true, true, false])
    take(store, 2)
    assert.deepStrictEqual([store.size, store.bytes, store.has(id(2))], [1, empty, false])
    store.expire(Infinity)
    assert.deepStrictEqual([store.size, store.bytes, store.has(id(3)), store.rows], [0, 0, false, []])
  })

  it("is listed by receiver, the longest kept first", () => {
    const { put, store } = make()
    for (const to of [2, 3, 2, 4]) put("10.0.0.9", chat(to))
    const rows = (...rows: ReadonlyArray<readonly [to: number, messages: number]>) =>
      rows.map(([to, messages]) => ({ id: id(to), messages }))
    assert.deepStrictEqual(store.rows, rows([2, 2], [3, 1], [4, 1]))
    take(store, 2, 1)
    assert.deepStrictEqual(store.rows, rows([3, 1], [2, 1], [4, 1]))
  })

  it("leaves the midst of a crowd without disturbing the others", () => {
    const { put, store } = make()
    const crowd = Array.from({ length: 10_000 }, (_, index) => index)
    for (const to of crowd) put(`10.0.${to % 7}.1`, chat(to, `${to}`), to)
    for (const to of crowd.filter((to) => to % 3 === 1)) assert.deepStrictEqual(texts(take(store, to)), [`${to}`])
    const staying = crowd.filter((to) => to % 3 !== 1)
    assert.deepStrictEqual(store.rows, staying.map((to) => ({ id: id(to), messages: 1 })))
    assert.deepStrictEqual(staying.flatMap((to) => texts(take(store, to))), staying.map(String))
    assert.deepStrictEqual([store.size, store.bytes], [0, 0])
  })
})

describe("age", () => {
  const hour = 3_600_000

  it("ends it after exactly maxStoredFor, whoever sent it", () => {
    const { put, store } = make({ maxStoredFor: Duration.hours(1) })
    assert.strictEqual(store.earliest, Infinity)
    put(Store.self, chat(2), 1000)
    put("10.0.0.9", chat(2), 1000)
    put(Store.self, chat(3), 1001)
    assert.strictEqual(store.earliest, 1000 + hour)
    assert.deepStrictEqual(store.expire(999 + hour), [])
    assert.deepStrictEqual(store.expire(1000 + hour), [{ to: id(2), messages: 2 }])
    assert.strictEqual(store.earliest, 1001 + hour)
  })

  it("is that of what is left when others were taken in between", () => {
    const { put, store } = make({ maxStoredFor: Duration.hours(1) })
    for (const to of [2, 3, 2, 4]) put("10.0.0.9", chat(to), to)
    take(store, 2)
    assert.strictEqual(store.earliest, 3 + hour)
    assert.deepStrictEqual(store.expire(3 + hour), [{ to: id(3), messages: 1 }])
    assert.strictEqual(store.earliest, 4 + hour)
    assert.deepStrictEqual(store.expire(Infinity), [{ to: id(4), messages: 1 }])
  })

  it("ends nothing early when the clock is set back", () => {
    const { put, store } = make({ maxStoredFor: Duration.hours(1) })
    put("10.0.0.9", chat(2), 5000)
    put("10.0.0.9", chat(3), 1000)
    assert.deepStrictEqual(store.expire(4999 + hour), [])
    assert.deepStrictEqual(store.expire(5000 + hour), [2, 3].map((to) => ({ to: id(to), messages: 1 })))
  })

  it("ends nothing where it is not bounded", () => {
    const { put, store } = make({ maxStoredFor: Duration.infinity })
    put("10.0.0.9", chat(2))
    assert.deepStrictEqual([store.earliest, store.expire(Number.MAX_SAFE_INTEGER)], [Infinity, []])
  })
})

describe("a full store", () => {
  it.each<{ readonly bound: string; readonly limits: Partial<Store.Limits> }>([
    { bound: "maxStored", limits: { maxStored: 3 } },
    { bound: "maxStoredBytes", limits: { maxStoredBytes: 3 * empty } }
  ])("of $bound gives up the oldest, and says for whom", ({ limits }) => {
    const { put, store } = make(limits)
    for (const to of [2, 3, 4]) assert.deepStrictEqual(put("10.0.0.9", chat(to)), { kept: true, discarded: [] })
    assert.deepStrictEqual(put("10.0.0.9", chat(5)), { kept: true, discarded: [{ to: id(2), messages: 1 }] })
    assert.deepStrictEqual(store.rows.map((row) => row.id), [3, 4, 5].map(id))
  })

  it("gives up as many as a large message needs", () => {
    const { put, store } = make({ maxStoredBytes: 4 * empty })
    for (const to of [2, 3, 2, 4]) put("10.0.0.9", chat(to))
    const outcome = put("10.0.0.9", chat(5, "x".repeat(empty)))
    assert.deepStrictEqual(outcome, { kept: true, discarded: [{ to: id(2), messages: 2 }, { to: id(3), messages: 1 }] })
    assert.deepStrictEqual([store.size, store.bytes], [2, 4 * empty])
  })

  it("has room again once something was taken", () => {
    const { put, store } = make({ maxStored: 2 })
    for (const to of [2, 3]) put("10.0.0.9", chat(to))
    take(store, 2)
    assert.deepStrictEqual(put("10.0.0.9", chat(4)), { kept: true, discarded: [] })
  })

  it("makes room for an own message and gives up no own one", () => {
    const { put, store } = make({ maxStored: 3 })
    put(Store.self, chat(2))
    for (const to of [3, 4]) put("10.0.0.9", chat(to))
    assert.deepStrictEqual(put(Store.self, chat(5)), { kept: true, discarded: [{ to: id(3), messages: 1 }] })
    assert.deepStrictEqual(put(Store.self, chat(6)), { kept: true, discarded: [{ to: id(4), messages: 1 }] })
    assert.deepStrictEqual(store.rows.map((row) => row.id), [2, 5, 6].map(id))
  })

  it.each([Store.self, "10.0.0.9"])("of own messages takes no other one from %s", (origin) => {
    const { put, store } = make({ maxStored: 2 })
    for (const to of [2, 3]) put(Store.self, chat(to))
    assert.deepStrictEqual(put(origin, chat(4)), { kept: false, discarded: [] })
    assert.deepStrictEqual(store.rows.map((row) => row.id), [2, 3].map(id))
  })

  it.each([Store.self, "10.0.0.9"])("gives up nothing for what own messages leave no room for, from %s", (origin) => {
    const { put, store } = make({ maxStoredBytes: 4 * empty })
    put(Store.self, chat(2))
    put("10.0.0.9", chat(3))
    assert.deepStrictEqual(put(origin, chat(4, "x".repeat(2 * empty))), { kept: false, discarded: [] })
    assert.strictEqual(store.size, 2)
  })

  it("turns a newcomer away that would be the heaviest and has nothing older", () => {
    const { put, store } = make({ maxStoredBytes: 4 * empty })
    for (const host of [2, 3, 4]) put(`10.0.0.${host}`, chat(host))
    assert.deepStrictEqual(put("10.0.0.9", chat(5, "x".repeat(empty))), { kept: false, discarded: [] })
    assert.strictEqual(store.size, 3)
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
        origin: Schema.Literals([Store.self, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]),
        to: between(1, 5),
        length: Schema.Literals([0, 1, 100, 300, 1000]),
        room: between(0, 4),
        passed: between(-1, 3)
      })).check(Schema.isMinLength(20), Schema.isMaxLength(60))
    },
    ({ happenings, maxStored, maxStoredBytes }) =>
      Effect.sync(() => {
        const limits = { maxStored, maxStoredBytes: maxStoredBytes * empty, maxStoredFor: Duration.millis(20) }
        const [store, model] = [Store.make(limits), naive(limits)]
        let at = 0
        for (const { length, origin, passed, room, to, what } of happenings) {
          at += passed
          const message = chat(to, "x".repeat(length))
          if (what === "put") {
            assert.deepStrictEqual(store.put(message, { origin, at }), model.put(message, { origin, at }))
          }
          if (what === "take") {
            assert.deepStrictEqual(take(store, to, room).map(({ message: kept }) => kept), model.take(id(to), room))
          }
          if (what === "expire") assert.deepStrictEqual(store.expire(at), model.expire(at))
          const { bytes, earliest, rows, size } = store
          assert.deepStrictEqual({ size, bytes, earliest, rows }, model.summary())
        }
      }),
    Property.tries(50)
  )
})
