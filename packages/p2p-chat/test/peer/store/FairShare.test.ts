/** Who has to make room in a full store: whoever has the most in it, so that a flood reaches nobody else. */
import { assert, describe, it } from "@effect/vitest"
import type { PeerId } from "../../../src/codec/PeerId.ts"
import * as Store from "../../../src/peer/store/Store.ts"
import { id } from "../Network.ts"
import { chat, empty, make } from "./Stores.ts"

describe("a flood", () => {
  const limits = { maxStored: 100, maxStoredBytes: 100_000 }
  const flood = (store: ReturnType<typeof make>, length: number, messages = 1000) => {
    const given: Array<PeerId> = []
    for (let index = 0; index < messages; index++) {
      for (const { to } of store.put("10.6.6.6", chat(1000 + index, "x".repeat(length))).discarded) given.push(to)
    }
    return given
  }

  it.each([
    { name: "many small messages", length: 0 },
    { name: "large messages", length: 10_000 },
    { name: "messages larger than the store", length: 50_000 }
  ])("of $name pushes out neither own messages nor a quiet neighbour's", ({ length }) => {
    const store = make(limits)
    for (let to = 2; to < 22; to++) store.put(Store.own, chat(to))
    // Own messages are a fifth of what there is room for; half of the rest is the quiet neighbour's, and used up.
    const quiet = chat(100, "x".repeat((1000 - empty) / 2))
    for (let to = 100; to < 140; to++) store.put("10.0.0.2", { ...quiet, to: id(to) })
    const given = flood(store, length)
    assert.deepStrictEqual(given.filter((to) => to < 1000n), [])
    assert.deepStrictEqual(store.receivers().slice(0, 60), [
      ...Array.from({ length: 20 }, (_, index) => id(2 + index)),
      ...Array.from({ length: 40 }, (_, index) => id(100 + index))
    ])
  })

  it("of small messages does not push out fewer large ones within their part of the bytes", () => {
    const store = make({ maxStored: 100, maxStoredBytes: 1_000_000 })
    for (let to = 2; to < 7; to++) store.put("10.0.0.2", chat(to, "x".repeat(40_000)))
    flood(store, 0)
    assert.deepStrictEqual([2, 3, 4, 5, 6].map((to) => store.has(to)), [true, true, true, true, true])
  })

  it("that filled the store first makes room for a quiet neighbour", () => {
    const store = make(limits)
    flood(store, 0)
    for (let to = 2; to < 52; to++) assert.isTrue(store.put("10.0.0.2", chat(to)).stored)
    assert.strictEqual(store.receivers().filter((to) => to < 1000n).length, 50)
  })
})
