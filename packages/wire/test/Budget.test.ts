import { assert, describe, it } from "@effect/vitest"
import { Budget } from "@peerage/wire"
import { Effect, Exit, Scope } from "effect"
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
  const shares = Effect.fnUntraced(function*(limit: number) {
    const budget = yield* Budget.make(limit)
    const gone: Array<string> = []
    const enter = (name: string) => Budget.share(budget, "10.0.0.1", () => Effect.sync(() => gone.push(name)))
    return { enter, gone }
  })

  it.effect("lets go until the rest is within it, each once, and no more", () =>
    Effect.gen(function*() {
      const { enter, gone } = yield* shares(100)
      const [a, b, c] = [yield* enter("a"), yield* enter("b"), yield* enter("c")]
      a.hold(60)
      b.hold(40)
      assert.deepStrictEqual(gone, [])
      c.hold(1)
      assert.deepStrictEqual(gone, ["a"])
      a.hold(1000)
      c.hold(60)
      assert.deepStrictEqual([gone, a.held(), b.held(), c.held()], [["a"], 60, 40, 60])
      c.hold(61)
      assert.deepStrictEqual(gone, ["a", "c"])
    }))

  it.effect("spares those that give back what they hold, however often they hold again", () =>
    Effect.gen(function*() {
      const { enter, gone } = yield* shares(100)
      const [quick, slow] = [yield* enter("quick"), yield* enter("slow")]
      slow.hold(30)
      for (let second = 0; second < 60; second++) {
        quick.hold(60)
        quick.hold(5)
        yield* TestClock.adjust("1 second")
      }
      quick.hold(60)
      slow.hold(41)
      assert.deepStrictEqual(gone, ["slow"])
    }))

  it.effect("counts nothing for those that have left", () =>
    Effect.gen(function*() {
      const { enter, gone } = yield* shares(100)
      const scope = yield* Scope.make()
      const left = yield* Scope.provide(enter("left"), scope)
      left.hold(90)
      yield* Scope.close(scope, Exit.void)
      const here = yield* enter("here")
      here.hold(90)
      assert.deepStrictEqual(gone, [])
    }))

  it.effect("lets go of what it has chosen at once, be it the one that held too much", () =>
    Effect.gen(function*() {
      const { enter, gone } = yield* shares(100)
      const [first, second] = [yield* enter("first"), yield* enter("second")]
      first.hold(20)
      second.hold(90)
      assert.deepStrictEqual([gone, second.held()], [["second"], 90])
      second.leave()
      first.hold(100)
      assert.deepStrictEqual(gone, ["second"])
    }))
})
