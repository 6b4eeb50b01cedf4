import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import * as Inbox from "../../src/peer/Inbox.ts"
import { running, settle, test } from "./Network.ts"

const inbox = () => Inbox.make<number, string>(3)
const small = (value: number) => value < 10 ? Result.succeed(value) : Result.fail(`${value} is large`)
const one = (box: Inbox.Inbox<number, string>) => Effect.map(box.take(1, Result.succeed), ([value]) => value)
const all = (box: Inbox.Inbox<number, string>) => box.take(Infinity, small)

interface Take {
  readonly what: string
  readonly items: ReadonlyArray<number>
  readonly ended?: string
  readonly count?: number
  readonly taken: Result.Result<ReadonlyArray<number>, string> | undefined
  readonly left: ReadonlyArray<number>
}

const takes: ReadonlyArray<Take> = [
  { what: "nothing where there is nothing", items: [], taken: undefined, left: [] },
  { what: "all there are", items: [1, 2, 3], taken: Result.succeed([1, 2, 3]), left: [] },
  { what: "as many as are wanted, in order", items: [1, 2, 3], count: 2, taken: Result.succeed([1, 2]), left: [3] },
  { what: "those before one that is refused", items: [1, 2, 30, 4], taken: Result.succeed([1, 2]), left: [30, 4] },
  { what: "one that is refused, where it is the first", items: [30, 4], taken: Result.fail("30 is large"), left: [4] },
  { what: "what came before the end", items: [1], ended: "over", taken: Result.succeed([1]), left: [] },
  { what: "the end, where nothing came before it", items: [], ended: "over", taken: Result.fail("over"), left: [] }
]

describe("what waits", () => {
  it.each(takes)("gives $what", ({ count = Infinity, ended, items, left, taken }) => {
    const [found, after] = Inbox.take({ items, ended }, count, small)
    assert.deepStrictEqual([found, after], [taken, { items: left, ended }])
  })

  it("grows by what arrives, until the end", () => {
    assert.deepStrictEqual(Inbox.add({ items: [1], ended: undefined }, [2, 3]).items, [1, 2, 3])
    const over = Inbox.end({ items: [1], ended: undefined }, "over")
    assert.deepStrictEqual(Inbox.end(Inbox.add(over, [2, 3]), "later"), { items: [1], ended: "over" })
  })
})

describe("what is dropped", () => {
  it("is not taken, and the end still is", () => {
    const after = Inbox.drop(Inbox.end(Inbox.add({ items: [1], ended: undefined }, [2]), "over"))
    assert.deepStrictEqual(after, { items: [], ended: "over" })
  })

  it.effect("gives room to the reader that waits", () =>
    Effect.gen(function*() {
      const box = inbox()
      yield* box.offer([1, 2, 3])
      const waiting = yield* Effect.forkChild(box.room, { startImmediately: true })
      yield* box.drop
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(box.waiting(), [])
    }))
})

describe("an inbox", () => {
  test("lets each of several takers wait for a value of its own", function*() {
    const box = inbox()
    const takers = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(one(box)))
    yield* settle
    yield* box.offer([1])
    yield* settle
    assert.strictEqual(takers.filter(running).length, 2)
    yield* box.offer([2, 3])
    const taken = yield* Effect.forEach(takers, Fiber.join)
    assert.deepStrictEqual([...taken].sort(), [1, 2, 3])
  })

  it.effect("resumes who waits in the very call that brings something", () =>
    Effect.gen(function*() {
      const box = inbox()
      const taker = yield* Effect.forkChild(one(box), { startImmediately: true })
      yield* box.offer([1])
      assert.isFalse(running(taker))
    }))

  test("loses nothing to a taker that is interrupted", function*() {
    const box = inbox()
    const taker = yield* Effect.forkChild(one(box))
    yield* settle
    yield* Fiber.interrupt(taker)
    yield* box.offer([1])
    assert.strictEqual(yield* one(box), 1)
  })

  it.effect("gives what arrived before it gives the end, the first, for ever", () =>
    Effect.gen(function*() {
      const box = inbox()
      yield* box.offer([1, 2])
      yield* box.end("over")
      yield* box.end("later")
      yield* box.offer([3])
      assert.strictEqual(yield* one(box), 1)
      assert.deepStrictEqual(yield* all(box), [2])
      for (const take of [Effect.asVoid(one(box)), Effect.asVoid(all(box))]) {
        assert.strictEqual(yield* Effect.flip(take), "over")
      }
    }))

  test("ends the waiting of its takers", function*() {
    const box = inbox()
    const taker = yield* Effect.forkChild(Effect.flip(one(box)))
    yield* settle
    yield* box.end("over")
    assert.strictEqual(yield* Fiber.join(taker), "over")
  })

  test("has room until it holds as much as it should, and again once some was taken or it is over", function*() {
    for (const free of [one, all, (box: Inbox.Inbox<number, string>) => Effect.orDie(box.end("over"))]) {
      const box = inbox()
      yield* box.offer([1, 2])
      yield* box.room
      assert.isFalse(box.isFull())
      yield* box.offer([3])
      assert.isTrue(box.isFull())
      const waiting = yield* Effect.forkChild(box.room)
      yield* settle
      assert.isTrue(running(waiting))
      yield* free(box)
      yield* settle
      assert.isFalse(running(waiting))
    }
  })
})
