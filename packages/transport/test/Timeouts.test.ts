import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Timeouts } from "../src/index.ts"

/** Lets forked fibers run until they wait. */
const settle = Effect.repeat(Effect.yieldNow, { times: 5 })

type Resume = (result: Effect.Effect<string>) => void

/** Waits for a callback for so long, as a link does. */
const wait = (millis: number, register: (resume: Resume) => void, givenUp: () => void = () => {}) =>
  Effect.withFiber(({ context }) =>
    Effect.callback<string>((resume) => {
      const late = () => (givenUp(), resume(Effect.succeed("late")))
      const cancel = Timeouts.start(Duration.millis(millis), context, late)
      register((result) => (cancel(), resume(result)))
      return Effect.sync(() => (cancel(), givenUp()))
    })
  )

/** Something that is waited for, by a fiber of its own. */
const waiting = Effect.fnUntraced(function*(millis: number) {
  const told: Array<string> = []
  const handle: { resume: Resume } = { resume: () => assert.fail("not registered") }
  const fiber = yield* Effect.forkChild(wait(
    millis,
    (resume) => void (handle.resume = resume),
    () => void told.push("given up")
  ))
  yield* settle
  return { told, fiber, resume: (text: string) => handle.resume(Effect.succeed(text)) }
})

/** The clock in use, how many sleep under it, and how many have. */
const watchedClock = Effect.map(Clock.Clock, (clock) => {
  const watch = { sleepers: 0, sleeps: 0 }
  const sleep = (duration: Duration.Duration) =>
    Effect.suspend(() => {
      watch.sleepers++
      watch.sleeps++
      return Effect.ensuring(clock.sleep(duration), Effect.sync(() => watch.sleepers--))
    })
  return { watch, clock: { ...clock, sleep } }
})

describe("waiting for a callback", () => {
  it.effect("ends with what it gives, and leaves nothing behind", () =>
    Effect.gen(function*() {
      const { fiber, resume, told } = yield* waiting(1000)
      yield* TestClock.adjust(999)
      resume("in time")
      assert.strictEqual(yield* Fiber.join(fiber), "in time")
      yield* TestClock.adjust(10_000)
      assert.deepStrictEqual(told, [])
    }))

  it.effect("ends with what it gives at once", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* wait(1000, (resume) => resume(Effect.succeed("at once"))), "at once")
    }))

  it.effect("is late after exactly its time, and then gives up and hears no more", () =>
    Effect.gen(function*() {
      const { fiber, resume, told } = yield* waiting(1000)
      yield* TestClock.adjust(999)
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* Fiber.join(fiber), "late")
      resume("too late")
      assert.deepStrictEqual(told, ["given up"])
    }))

  it.effect("is late at once where it has no time, again and again", () =>
    Effect.gen(function*() {
      for (let time = 0; time < 3; time++) {
        assert.strictEqual(yield* Fiber.join((yield* waiting(0)).fiber), "late")
      }
    }))

  it.effect("gives up when it is interrupted, once", () =>
    Effect.gen(function*() {
      const { fiber, told } = yield* waiting(1000)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust(10_000)
      assert.deepStrictEqual(told, ["given up"])
    }))

  it.effect("is late for each after its own time, whoever shares it, and whoever came and went before", () =>
    Effect.gen(function*() {
      const first = yield* waiting(1000)
      yield* TestClock.adjust(100)
      const second = yield* waiting(1000)
      const shorter = yield* waiting(300)
      first.resume("in time")
      yield* TestClock.adjust(300)
      assert.strictEqual(shorter.fiber.pollUnsafe() === undefined, false)
      yield* TestClock.adjust(699)
      assert.isUndefined(second.fiber.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* Fiber.join(second.fiber), "late")
      // Nobody waits now: the line begins anew.
      const third = yield* waiting(1000)
      yield* TestClock.adjust(1000)
      assert.strictEqual(yield* Fiber.join(third.fiber), "late")
    }))

  it.effect("lets one that is late wait again for as long", () =>
    Effect.gen(function*() {
      const { fiber } = yield* waiting(1000)
      const again = yield* Effect.forkChild(
        Effect.flatMap(Fiber.join(fiber), () => Effect.flatMap(waiting(1000), (next) => Fiber.join(next.fiber)))
      )
      yield* TestClock.adjust(1000)
      yield* settle
      assert.isUndefined(again.pollUnsafe())
      yield* TestClock.adjust(1000)
      assert.strictEqual(yield* Fiber.join(again), "late")
    }))

  it.effect("has one timer for all who wait equally long, and none when nobody waits", () =>
    Effect.gen(function*() {
      const { clock, watch } = yield* watchedClock
      const { first, second } = yield* Effect.provideService(
        Effect.all({ first: waiting(1000), second: waiting(1000) }),
        Clock.Clock,
        clock
      )
      assert.strictEqual(watch.sleepers, 1)
      first.resume("in time")
      yield* settle
      assert.strictEqual(watch.sleepers, 1)
      yield* Fiber.interrupt(second.fiber)
      yield* settle
      assert.strictEqual(watch.sleepers, 0)
    }))

  it.effect("has one timer for those who wait one after the other", () =>
    Effect.gen(function*() {
      const { clock, watch } = yield* watchedClock
      const resumes: Array<Resume> = []
      const one = wait(1000, (resume) => void resumes.push(resume))
      const waits = Effect.provideService(Effect.all([one, one, one]), Clock.Clock, clock)
      const fiber = yield* Effect.forkChild(waits, { startImmediately: true })
      for (const text of ["a", "b"]) resumes.shift()?.(Effect.succeed(text))
      yield* settle
      assert.deepStrictEqual(watch, { sleepers: 1, sleeps: 1 })
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(yield* Fiber.join(fiber), ["a", "b", "late"])
      yield* settle
      assert.strictEqual(watch.sleepers, 0)
    }))
})
