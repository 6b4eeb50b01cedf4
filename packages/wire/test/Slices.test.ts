import { assert, describe, it } from "@effect/vitest"
import { Slices } from "@peerage/wire"
import { Effect, Fiber } from "effect"

function* counting(name: string, slices: number, done: Array<string>): Slices.Sliced<string> {
  for (let slice = 0; slice < slices; slice++) {
    done.push(name)
    yield 10
  }
  return name
}

describe("work in slices", () => {
  it("is done at once where it is short", () => {
    const done: Array<string> = []
    assert.deepStrictEqual([Slices.finish(counting("a", 3, done)), done.length], ["a", 3])
  })

  it.effect("does one slice in each turn of the event loop, in turn with all others", () =>
    Effect.gen(function*() {
      const done: Array<string> = []
      const run = yield* Slices.make
      const all = Effect.forEach(["a", "b", "c"], (name) => run(counting(name, 4, done)), { concurrency: "unbounded" })
      const fiber = yield* Effect.forkChild(all, { startImmediately: true })
      for (let before = 0; fiber.pollUnsafe() === undefined; before = done.length) {
        yield* Effect.yieldNow
        assert.isAtMost(done.length, before + 1)
      }
      assert.deepStrictEqual([yield* Fiber.join(fiber), done.join("")], [["a", "b", "c"], "abcabcabcabc"])
    }))

  it.effect("tells what each slice took, and stops where that is too much", () =>
    Effect.gen(function*() {
      const done: Array<string> = []
      const run = yield* Slices.make
      let taken = 0
      const took = (bytes: number) => (taken += bytes) > 50 ? Effect.fail("too much") : Effect.void
      assert.strictEqual(yield* run(counting("a", 5, done), took), "a")
      assert.strictEqual(yield* Effect.flip(run(counting("b", 5, done), took)), "too much")
      assert.deepStrictEqual([taken, done.join("")], [60, "aaaaab"])
    }))

  it.effect("gives its turn to others when it is interrupted", () =>
    Effect.gen(function*() {
      const run = yield* Slices.make
      const endless = yield* Effect.forkChild(run(counting("a", Infinity, [])), { startImmediately: true })
      yield* Effect.yieldNow
      yield* Fiber.interrupt(endless)
      assert.strictEqual(yield* run(counting("b", 2, [])), "b")
    }))
})
