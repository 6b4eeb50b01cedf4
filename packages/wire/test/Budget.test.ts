import { assert, describe, it } from "@effect/vitest"
import { Budget } from "@peerage/wire"
import { Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"

const holding = (address: string, bytes: number, since: number): Budget.Holding => ({ address, bytes, since })

describe("what is let go", () => {
  it.each(
    [
      ["nobody where nobody holds anything", [], undefined],
      ["the largest of those that began together", [holding("a", 1, 0), holding("a", 3, 0), holding("a", 2, 0)], 1],
      ["the slowest of those that are equally large", [holding("a", 5, 3), holding("a", 5, 1), holding("a", 5, 2)], 1],
      ["a smaller one that has held for long", [holding("a", 5, 90), holding("a", 4, 0)], 1],
      ["one of the address that holds most together", [
        holding("a", 9, 0),
        ...[1, 2].map((at) => holding("b", 5, at))
      ], 1],
      ["no small one beside a large one", [holding("a", 1, 0), holding("a", 999, 90)], 1]
    ] as const
  )("is %s", (_, holdings: ReadonlyArray<Budget.Holding>, index) => {
    const chosen = Budget.choose(holdings, 100)
    assert.strictEqual(chosen, index === undefined ? undefined : holdings[index])
  })
})

describe("a budget", () => {
  /** Shares of one address by name, and who was let go. */
  const shares = (limit: number) => {
    const budget = Budget.make(limit)
    const gone: Array<string> = []
    const enter = (name: string) => budget.enter("10.0.0.1", () => Effect.sync(() => void gone.push(name)))
    return { enter, gone }
  }

  it.effect("lets go until the rest is within it, each once, and no more", () =>
    Effect.gen(function*() {
      const { enter, gone } = shares(100)
      const [a, b, c] = [yield* enter("a"), yield* enter("b"), yield* enter("c")]
      yield* a.hold(60)
      yield* b.hold(40)
      assert.deepStrictEqual(gone, [])
      yield* c.hold(1)
      assert.deepStrictEqual(gone, ["a"])
      yield* a.hold(1000)
      yield* c.hold(60)
      assert.deepStrictEqual([gone, a.held(), b.held(), c.held()], [["a"], 60, 40, 60])
      yield* c.hold(61)
      assert.deepStrictEqual(gone, ["a", "c"])
    }))

  it.effect("spares those that give back what they hold, however often they hold again", () =>
    Effect.gen(function*() {
      const { enter, gone } = shares(100)
      const [quick, slow] = [yield* enter("quick"), yield* enter("slow")]
      yield* slow.hold(30)
      for (let second = 0; second < 60; second++) {
        yield* quick.hold(60)
        yield* quick.hold(5)
        yield* TestClock.adjust("1 second")
      }
      yield* quick.hold(60)
      yield* slow.hold(41)
      assert.deepStrictEqual(gone, ["slow"])
    }))

  it.effect("counts nothing for those that have left", () =>
    Effect.gen(function*() {
      const { enter, gone } = shares(100)
      const scope = yield* Scope.make()
      const left = yield* Scope.provide(enter("left"), scope)
      yield* left.hold(90)
      yield* Scope.close(scope, Exit.void)
      yield* (yield* enter("here")).hold(90)
      assert.deepStrictEqual(gone, [])
    }))

  it.effect("lets go of what it has chosen, even when the one that held too much is interrupted", () =>
    Effect.gen(function*() {
      const budget = Budget.make(100)
      const gone: Array<string> = []
      const enter = (name: string) =>
        budget.enter("10.0.0.1", () => Effect.andThen(Effect.yieldNow, Effect.sync(() => void gone.push(name))))
      const [first, second] = [yield* enter("first"), yield* enter("second")]
      yield* first.hold(90)
      const holding = yield* Effect.forkChild(second.hold(20), { startImmediately: true })
      yield* Fiber.interrupt(holding)
      assert.deepStrictEqual(gone, ["first"])
    }))
})
