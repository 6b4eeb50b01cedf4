/** What is kept for peers that cannot be reached: order, bounds, age, and the same as a naive store. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Duration, Effect, Schema } from "effect"
import * as Store from "../../../src/peer/store/Store.ts"
import { id } from "../Network.ts"
import { chat, empty, make, naive } from "./Stores.ts"

describe("what is kept", () => {
  it("comes back oldest first, for its receiver only, once", () => {
    const store = make()
    for (const text of ["a", "b", "c"]) {
      store.put("10.0.0.9", chat(2, text))
      store.put(Store.own, chat(3, text.toUpperCase()))
    }
    assert.deepStrictEqual(store.take(2), ["a", "b", "c"])
    assert.deepStrictEqual(store.take(2), [])
    assert.deepStrictEqual(store.take(3), ["A", "B", "C"])
  })

  it("is three messages when the same was said three times", () => {
    const store = make()
    const put = () => store.put("10.0.0.9", chat(2, "hello"))
    assert.deepStrictEqual([put(), put(), put()], Array(3).fill({ stored: true, discarded: [] }))
    assert.deepStrictEqual(store.take(2), ["hello", "hello", "hello"])
  })

  it("comes back in portions where there is little room", () => {
    const store = make()
    for (const text of ["a", "b", "c"]) store.put(Store.own, chat(2, text))
    assert.deepStrictEqual([0, 2, 2, 2].map((room) => store.take(2, room)), [[], ["a", "b"], ["c"], []])
  })

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

  it("is counted, and no longer once it is gone", () => {
    const store = make()
    store.put(Store.own, chat(2, "four"))
    store.put("10.0.0.9", chat(3))
    const counted = () => ({ ...store.summary(), has: [2, 3, 4].filter(store.has) })
    assert.deepInclude(counted(), { size: 2, bytes: 2 * empty + 8, has: [2, 3] })
    store.take(2)
    assert.deepInclude(counted(), { size: 1, bytes: empty, has: [3] })
    store.expire(Infinity)
    assert.deepInclude(counted(), { size: 0, bytes: 0, has: [], rows: [] })
  })

  it("is listed by receiver, the longest kept first", () => {
    const store = make()
    for (const to of [2, 3, 2, 4]) store.put("10.0.0.9", chat(to))
    const rows = (...rows: ReadonlyArray<readonly [to: number, messages: number]>) =>
      rows.map(([to, messages]) => ({ id: id(to), messages }))
    assert.deepStrictEqual(store.summary().rows, rows([2, 2], [3, 1], [4, 1]))
    store.take(2, 1)
    assert.deepStrictEqual(store.summary().rows, rows([3, 1], [2, 1], [4, 1]))
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
  const hour = 3_600_000

  it("ends it after exactly maxStoredFor, whoever sent it", () => {
    const store = make({ maxStoredFor: Duration.hours(1) })
    assert.strictEqual(store.summary().earliest, Infinity)
    store.put(Store.own, chat(2), 1000)
    store.put("10.0.0.9", chat(2), 1000)
    store.put(Store.own, chat(3), 1001)
    assert.strictEqual(store.summary().earliest, 1000 + hour)
    assert.deepStrictEqual(store.expire(999 + hour), [])
    assert.deepStrictEqual(store.expire(1000 + hour), [{ to: id(2), messages: 2 }])
    assert.strictEqual(store.summary().earliest, 1001 + hour)
  })

  it("is that of what is left when others were taken in between", () => {
    const store = make({ maxStoredFor: Duration.hours(1) })
    for (const to of [2, 3, 2, 4]) store.put("10.0.0.9", chat(to), to)
    store.take(2)
    assert.strictEqual(store.summary().earliest, 3 + hour)
    assert.deepStrictEqual(store.expire(3 + hour), [{ to: id(3), messages: 1 }])
    assert.strictEqual(store.summary().earliest, 4 + hour)
    assert.deepStrictEqual(store.expire(Infinity), [{ to: id(4), messages: 1 }])
  })

  it("ends nothing early when the clock is set back", () => {
    const store = make({ maxStoredFor: Duration.hours(1) })
    store.put("10.0.0.9", chat(2), 5000)
    store.put("10.0.0.9", chat(3), 1000)
    assert.deepStrictEqual(store.expire(4999 + hour), [])
    assert.deepStrictEqual(store.expire(5000 + hour), [2, 3].map((to) => ({ to: id(to), messages: 1 })))
  })

  it("ends nothing where it is not bounded", () => {
    const store = make({ maxStoredFor: Duration.infinity })
    store.put("10.0.0.9", chat(2))
    assert.deepStrictEqual([store.summary().earliest, store.expire(Number.MAX_SAFE_INTEGER)], [Infinity, []])
  })
})

describe("a full store", () => {
  it.each<{ readonly bound: string; readonly limits: Partial<Store.Limits> }>([
    { bound: "maxStored", limits: { maxStored: 3 } },
    { bound: "maxStoredBytes", limits: { maxStoredBytes: 3 * empty } }
  ])("of $bound gives up the oldest, and says for whom", ({ limits }) => {
    const store = make(limits)
    for (const to of [2, 3, 4]) assert.deepStrictEqual(store.put("10.0.0.9", chat(to)), { stored: true, discarded: [] })
    assert.deepStrictEqual(store.put("10.0.0.9", chat(5)), { stored: true, discarded: [{ to: id(2), messages: 1 }] })
    assert.deepStrictEqual(store.receivers(), [3, 4, 5].map(id))
  })

  it("gives up as many as a large message needs", () => {
    const store = make({ maxStoredBytes: 4 * empty })
    for (const to of [2, 3, 2, 4]) store.put("10.0.0.9", chat(to))
    const outcome = store.put("10.0.0.9", chat(5, "x".repeat(empty)))
    assert.deepStrictEqual(outcome, {
      stored: true,
      discarded: [{ to: id(2), messages: 2 }, { to: id(3), messages: 1 }]
    })
    assert.deepInclude(store.summary(), { size: 2, bytes: 4 * empty })
  })

  it("has room again once something was taken", () => {
    const store = make({ maxStored: 2 })
    for (const to of [2, 3]) store.put("10.0.0.9", chat(to))
    store.take(2)
    assert.deepStrictEqual(store.put("10.0.0.9", chat(4)), { stored: true, discarded: [] })
  })

  it("makes room for an own message and gives up no own one", () => {
    const store = make({ maxStored: 3 })
    store.put(Store.own, chat(2))
    for (const to of [3, 4]) store.put("10.0.0.9", chat(to))
    assert.deepStrictEqual(store.put(Store.own, chat(5)), { stored: true, discarded: [{ to: id(3), messages: 1 }] })
    assert.deepStrictEqual(store.put(Store.own, chat(6)), { stored: true, discarded: [{ to: id(4), messages: 1 }] })
    assert.deepStrictEqual(store.receivers(), [2, 5, 6].map(id))
  })

  it.each([Store.own, "10.0.0.9"])("of own messages takes no other one from %s", (origin) => {
    const store = make({ maxStored: 2 })
    for (const to of [2, 3]) store.put(Store.own, chat(to))
    assert.deepStrictEqual(store.put(origin, chat(4)), { stored: false, discarded: [] })
    assert.deepStrictEqual(store.receivers(), [2, 3].map(id))
  })

  it.each([Store.own, "10.0.0.9"])("gives up nothing for what own messages leave no room for, from %s", (origin) => {
    const store = make({ maxStoredBytes: 4 * empty })
    store.put(Store.own, chat(2))
    store.put("10.0.0.9", chat(3))
    assert.deepStrictEqual(store.put(origin, chat(4, "x".repeat(2 * empty))), { stored: false, discarded: [] })
    assert.strictEqual(store.summary().size, 2)
  })

  it("turns a newcomer away that would be the heaviest and has nothing older", () => {
    const store = make({ maxStoredBytes: 4 * empty })
    for (const host of [2, 3, 4]) store.put(`10.0.0.${host}`, chat(host))
    assert.deepStrictEqual(store.put("10.0.0.9", chat(5, "x".repeat(empty))), { stored: false, discarded: [] })
    assert.strictEqual(store.summary().size, 3)
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
        }
      }),
    Property.tries(50)
  )
})
