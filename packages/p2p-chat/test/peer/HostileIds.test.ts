/** Ids that a stranger has chosen so that a Map or a Set of the engine finds them only one after the other. */
import { assert, describe, vi } from "@effect/vitest"
import { Colliding } from "@peerage/testing"
import { Effect } from "effect"
import { elapse, id, reached, settle, simulate, toldOf, visit } from "./Network.ts"
import { chat, join, joiner } from "./Raw.ts"

/** The most ids that any Map or Set has had from now on. */
const largest = Effect.gen(function*() {
  let most = 0
  const note = (container: ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>, key: unknown) => {
    if (typeof key === "bigint") most = Math.max(most, container.size)
  }
  const [add, set] = [Set.prototype.add, Map.prototype.set]
  yield* Effect.acquireRelease(
    Effect.sync(() => [
      vi.spyOn(Set.prototype, "add").mockImplementation(function(this: Set<unknown>, key: unknown) {
        note(this, key)
        return add.call(this, key)
      }),
      vi.spyOn(Map.prototype, "set").mockImplementation(function(this: Map<unknown, unknown>, key, value) {
        note(this, key)
        return set.call(this, key, value)
      })
    ]),
    (spies) => Effect.sync(() => spies.forEach((spy) => spy.mockRestore()))
  )
  return () => most
})

const ids = Colliding.integers(6000).filter((number) => number < 2n ** 63n).slice(0, 2500).map(id)

describe("a peer that hears of thousands of ids that collide", () => {
  simulate(
    "keeps them where each is found at once, as long as they are known, and as text for them waits",
    function*() {
      const peer = yield* visit(10)
      const raw = yield* joiner(11, 10, 1)
      const most = yield* largest
      raw.sayAtOnce(ids.map((number) => join(number, 11)))
      yield* settle
      assert.strictEqual((yield* reached(peer)).length, 1 + ids.length)
      raw.pipe.end()
      yield* settle
      assert.strictEqual(toldOf(peer, "Left").length, 1 + ids.length)
      const other = yield* joiner(12, 10, 1)
      other.sayAtOnce(ids.map((number) => chat(12, number, "hello")))
      yield* settle
      yield* elapse("1 hour")
      assert.strictEqual(toldOf(peer, "Discarded").length, ids.length)
      assert.isAtMost(most(), 300)
    }
  )
})
