import { assert, describe, it } from "@effect/vitest"
import { Callback } from "@peerage/wire"
import { Cause, Deferred, Effect, Exit, Fiber } from "effect"

/** Things to do, and who waits for more of them. */
class Tasks {
  readonly done: Array<number> = []
  private again: (() => void) | undefined
  private left: Array<number> = []
  private readonly first: (task: number) => Effect.Effect<void, string> | undefined

  constructor(first: (task: number) => Effect.Effect<void, string> | undefined = () => undefined) {
    this.first = first
  }

  add(...tasks: ReadonlyArray<number>) {
    this.left.push(...tasks)
    this.again?.()
  }

  get isWaitedFor(): boolean {
    return this.again !== undefined
  }

  readonly forever = Callback.forever(
    () => {
      for (let task = this.left.shift(); task !== undefined; task = this.left.shift()) {
        this.done.push(task)
        const todo = this.first(task)
        if (todo !== undefined) return todo
      }
      return undefined
    },
    (again) => {
      this.again = () => {
        this.again = undefined
        again()
      }
      return () => {
        this.again = undefined
      }
    }
  )
}

const start = <A, E>(effect: Effect.Effect<A, E>) => Effect.forkChild(effect, { startImmediately: true })
const settle = Effect.repeat(Effect.yieldNow, { times: 5 })

describe("work in callbacks", () => {
  it.effect("is done at once where there is some, and then in the callback that says so", () =>
    Effect.gen(function*() {
      const tasks = new Tasks()
      tasks.add(1, 2)
      yield* start(tasks.forever)
      assert.deepStrictEqual(tasks.done, [1, 2])
      tasks.add(3)
      tasks.add(4, 5)
      assert.deepStrictEqual(tasks.done, [1, 2, 3, 4, 5])
    }))

  it.effect("waits for what has to be done before it can go on", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const tasks = new Tasks((task) => task === 1 ? Deferred.await(gate) : undefined)
      yield* start(tasks.forever)
      tasks.add(1, 2)
      tasks.add(3)
      yield* settle
      assert.deepStrictEqual(tasks.done, [1])
      yield* Deferred.succeed(gate, undefined)
      yield* settle
      assert.deepStrictEqual(tasks.done, [1, 2, 3])
    }))

  it.effect("fails where that fails", () =>
    Effect.gen(function*() {
      const tasks = new Tasks((task) => task === 2 ? Effect.fail("no more") : undefined)
      const fiber = yield* start(tasks.forever)
      tasks.add(1, 2, 3)
      assert.strictEqual(yield* Effect.flip(Fiber.join(fiber)), "no more")
      assert.deepStrictEqual(tasks.done, [1, 2])
    }))

  it.effect("has its defects in the fiber, not in who calls", () =>
    Effect.gen(function*() {
      const tasks = new Tasks(() => {
        throw new Error("a defect")
      })
      const fiber = yield* start(tasks.forever)
      tasks.add(1)
      const exit = yield* Fiber.await(fiber)
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }))

  it.effect("ends with the fiber", () =>
    Effect.gen(function*() {
      const tasks = new Tasks()
      const fiber = yield* start(tasks.forever)
      tasks.add(1)
      assert.isTrue(tasks.isWaitedFor)
      yield* Fiber.interrupt(fiber)
      assert.isFalse(tasks.isWaitedFor)
    }))
})
