import { assert, describe, it } from "@effect/vitest"
import { Events } from "@peerage/wire"
import { Effect, Exit, Fiber, Latch, Scheduler, Scope, Stream } from "effect"

/** Listens from now on. `heard` grows as events come. */
const listen = Effect.fnUntraced(function*(events: Events.Events<number>) {
  const heard: Array<number> = []
  const listening = yield* Effect.forkScoped(
    Stream.runForEach(events.stream, (event) => Effect.sync(() => void heard.push(event))),
    { startImmediately: true }
  )
  yield* turns
  return { heard, listening }
})

const turns = Effect.repeat(Effect.yieldNow, { times: 10 })

/** Events that end when told to. */
const ending = Effect.fnUntraced(function*(options: Events.Options<number>) {
  const scope = yield* Scope.make()
  return { events: yield* Scope.provide(Events.make(options), scope), end: Scope.close(scope, Exit.void) }
})

describe("events", () => {
  it.effect("reach all listeners, from the moment that they listen", () =>
    Effect.gen(function*() {
      const events = yield* Events.make<number>({ buffer: 8 })
      const first = yield* listen(events)
      yield* events.publish([1])
      const second = yield* listen(events)
      yield* events.publish([2, 3])
      yield* turns
      assert.deepStrictEqual([first.heard, second.heard], [[1, 2, 3], [2, 3]])
    }))

  it.effect("are awaited while there is a listener, or where they are kept or counted", () =>
    Effect.gen(function*() {
      const events = yield* Events.make<number>({ buffer: 8 })
      assert.isFalse(events.awaited())
      const { listening } = yield* listen(events)
      assert.isTrue(events.awaited())
      yield* Fiber.interrupt(listening)
      assert.isFalse(events.awaited())
      assert.isTrue((yield* Events.make<number>({ buffer: 8, count: () => [] })).awaited())
      assert.isTrue((yield* Events.make<number>({ buffer: 8, awaits: () => true })).awaited())
    }))

  it.effect("of a known size are held up to a bound: the oldest are dropped, whatever their own size", () =>
    Effect.gen(function*() {
      const events = yield* Events.make<number>({ buffer: 8, maxBytes: 100, awaits: () => true })
      const heard = Effect.map(listen(events), (listener) => listener.heard)
      yield* events.publish([1, 2, 3], [0, 60, 40])
      yield* events.publish([4])
      yield* events.publish([5, 6], [41, 19])
      assert.deepStrictEqual(yield* heard, [3, 4, 5, 6])
    }))

  it.effect("of a known size are given up one by one, and the latest is held however large it is", () =>
    Effect.gen(function*() {
      const events = yield* Events.make<number>({ buffer: 3, maxBytes: 100, awaits: () => true })
      yield* events.publish([1, 2, 3, 4], [90, 10, 10, 10])
      yield* events.publish([5], [200])
      yield* events.publish([6], [100])
      const { heard } = yield* listen(events)
      assert.deepStrictEqual(heard, [6])
      for (let event = 7; event < 10; event++) yield* events.publish([event], [100])
      assert.deepStrictEqual(heard, [6, 7, 8, 9])
    }))

  it.effect("that are to wait are kept for the first listener, the latest of them", () =>
    Effect.gen(function*() {
      const events = yield* Events.make<number>({ buffer: 2, awaits: (event) => event % 2 === 1 })
      yield* events.publish([1, 2, 3])
      yield* events.publish([4, 5])
      const first = yield* listen(events)
      const second = yield* listen(events)
      assert.deepStrictEqual([first.heard, second.heard], [[3, 5], []])
    }))

  it.effect("of several fibers are published in the order in which they were taken, wherever a fiber yields", () =>
    Effect.gen(function*() {
      const events = yield* Events.make<number>({ buffer: 1000 })
      const { heard } = yield* listen(events)
      const waiting: Array<number> = []
      let last = 0
      const fiber = Effect.sync(() => void waiting.push(++last)).pipe(
        Effect.andThen(events.publishFrom(() => waiting.splice(0))),
        Effect.repeat({ times: 20 })
      )
      const yielding = (operations: number) => Effect.provideService(fiber, Scheduler.MaxOpsBeforeYield, operations)
      for (let operations = 4; operations < 20; operations++) {
        yield* Effect.all([yielding(operations), yielding(7)], { concurrency: "unbounded" })
      }
      assert.deepStrictEqual(heard, Array.from({ length: last }, (_, index) => index + 1))
    }))

  it.effect("are counted by the batch, and an empty one does not count", () =>
    Effect.gen(function*() {
      const batches: Array<ReadonlyArray<number>> = []
      const count = (batch: ReadonlyArray<number>) => (batches.push(batch), [])
      const events = yield* Events.make<number>({ buffer: 2, count })
      yield* events.publish([1, 2])
      yield* events.publish([])
      assert.deepStrictEqual(batches, [[1, 2]])
    }))

  it.effect("reach all in the same order, also those that a listener publishes", () =>
    Effect.gen(function*() {
      const events = yield* Events.make<number>({ buffer: 8 })
      const heard: Array<ReadonlyArray<number>> = []
      for (const answers of [true, false]) {
        const mine: Array<number> = []
        heard.push(mine)
        const hear = (event: number) =>
          Effect.suspend(() => {
            mine.push(event)
            return answers && event === 1 ? events.publish([2]) : Effect.void
          })
        yield* Effect.forkScoped(Stream.runForEach(events.stream, hear), { startImmediately: true })
      }
      yield* events.publish([1])
      yield* events.publish([3])
      yield* turns
      assert.deepStrictEqual(heard, [[1, 2, 3], [1, 2, 3]])
    }))

  it.effect("are lost for a listener that does not keep up, the oldest ones", () =>
    Effect.gen(function*() {
      const events = yield* Events.make<number>({ buffer: 4 })
      const gate = Latch.makeUnsafe(false)
      const slow: Array<number> = []
      yield* Effect.forkScoped(
        Stream.runForEach(
          events.stream,
          (event) => Effect.andThen(gate.await, Effect.sync(() => void slow.push(event)))
        ),
        { startImmediately: true }
      )
      const { heard } = yield* listen(events)
      const numbers = Array.from({ length: 20 }, (_, number) => number)
      for (const number of numbers) yield* events.publish([number])
      yield* gate.open
      yield* turns
      assert.deepStrictEqual(heard, numbers)
      assert.deepStrictEqual(slow, [0, 16, 17, 18, 19])
    }))

  it.effect("have reached a listener that waits when they are published, and of a batch larger than the buffer the last", () =>
    Effect.gen(function*() {
      const events = yield* Events.make<number>({ buffer: 2 })
      const { heard } = yield* listen(events)
      yield* events.publish([1, 2, 3])
      assert.deepStrictEqual(heard, [2, 3])
    }))

  it.effect("do not exist once their scope has ended, and a listener that comes then sees the end", () =>
    Effect.gen(function*() {
      const counted: Array<ReadonlyArray<number>> = []
      const count = (batch: ReadonlyArray<number>) => (counted.push(batch), [])
      const { end, events } = yield* ending({ buffer: 2, awaits: () => true, count })
      yield* end
      yield* events.publish([1])
      assert.deepStrictEqual([yield* Stream.runCollect(events.stream), counted], [[], []])
    }))

  it.effect("end with the scope that they were made in, after those that are held for a slow listener", () =>
    Effect.gen(function*() {
      const { end, events } = yield* ending({ buffer: 4 })
      const gate = Latch.makeUnsafe(false)
      const listening = yield* Effect.forkScoped(
        Stream.runCollect(Stream.tap(events.stream, () => gate.await)),
        { startImmediately: true }
      )
      const prompt = yield* listen(events)
      yield* events.publish([1])
      yield* events.publish([2, 3])
      yield* end
      yield* Fiber.await(prompt.listening)
      yield* gate.open
      assert.deepStrictEqual(yield* Fiber.join(listening), [1, 2, 3])
    }))
})
