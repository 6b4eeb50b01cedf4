import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import { Inbox } from "../../src/peer/Inbox.ts"
import { running, settle, simulated } from "./Network.ts"

const inbox = (most = 3) => new Inbox<number, string>(most)
const small = (value: number) => value < 10 ? Result.succeed(value) : Result.fail(`${value} is large`)

describe("an inbox", () => {
  it.effect("gives what arrived one by one, in order", () =>
    Effect.gen(function*() {
      const box = inbox()
      box.offer([1, 2])
      box.offer([3])
      assert.deepStrictEqual([yield* box.take, yield* box.take, yield* box.take], [1, 2, 3])
    }))

  it.effect("gives all that arrived at once", () =>
    Effect.gen(function*() {
      const box = inbox()
      box.offer([1, 2])
      box.offer([3])
      assert.deepStrictEqual(yield* box.takeAll(small), [1, 2, 3])
    }))

  it.effect("lets each of several takers wait for a value of its own", () =>
    Effect.gen(function*() {
      const box = inbox()
      const takers = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(box.take))
      yield* settle
      box.offer([1])
      yield* settle
      assert.strictEqual(takers.filter(running).length, 2)
      box.offer([2, 3])
      const taken = yield* Effect.forEach(takers, Fiber.join)
      assert.deepStrictEqual([...taken].sort(), [1, 2, 3])
    }).pipe(simulated))

  it.effect("loses nothing to a taker that is interrupted", () =>
    Effect.gen(function*() {
      const box = inbox()
      const taker = yield* Effect.forkChild(box.take)
      yield* settle
      yield* Fiber.interrupt(taker)
      box.offer([1])
      assert.strictEqual(yield* box.take, 1)
    }).pipe(simulated))

  it.effect("ends what is taken at once before a value that is refused, which fails the next", () =>
    Effect.gen(function*() {
      const box = inbox()
      box.offer([1, 2, 30, 4])
      assert.deepStrictEqual(yield* box.takeAll(small), [1, 2])
      assert.strictEqual(yield* Effect.flip(box.takeAll(small)), "30 is large")
      assert.deepStrictEqual(yield* box.takeAll(small), [4])
    }))

  it.effect("gives what arrived before it tells the end, and that for ever", () =>
    Effect.gen(function*() {
      const box = inbox()
      box.offer([1, 2])
      box.end("over")
      box.end("later")
      box.offer([3])
      assert.strictEqual(yield* box.take, 1)
      assert.deepStrictEqual(yield* box.takeAll(small), [2])
      assert.strictEqual(yield* Effect.flip(box.take), "over")
      assert.strictEqual(yield* Effect.flip(box.takeAll(small)), "over")
    }))

  it.effect("tells the end to those who wait", () =>
    Effect.gen(function*() {
      const box = inbox()
      const taker = yield* Effect.forkChild(Effect.flip(box.take))
      yield* settle
      box.end("over")
      assert.strictEqual(yield* Fiber.join(taker), "over")
    }).pipe(simulated))

  it.effect("has room until it holds as much as it should, and again once some was taken or it is over", () =>
    Effect.gen(function*() {
      for (
        const free of [
          (box: Inbox<number, string>) => box.take,
          (box: Inbox<number, string>) => Effect.sync(() => box.end("over"))
        ]
      ) {
        const box = inbox()
        box.offer([1, 2])
        yield* box.room
        box.offer([3])
        const waiting = yield* Effect.forkChild(box.room)
        yield* settle
        assert.isTrue(running(waiting))
        yield* free(box)
        yield* settle
        assert.isFalse(running(waiting))
      }
    }).pipe(simulated))

  it.effect("goes on however long it is never empty", () =>
    Effect.gen(function*() {
      const box = inbox()
      box.offer([0])
      for (let number = 1; number < 5000; number++) {
        box.offer([number])
        assert.strictEqual(yield* box.take, number - 1)
      }
    }))
})
