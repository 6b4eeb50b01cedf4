import { assert, describe, it } from "@effect/vitest"
import { SocketFailure } from "@peerage/transport"
import { Effect, Fiber, Queue } from "effect"
import { MaxOpsBeforeYield } from "effect/Scheduler"
import type { SocketError } from "effect/socket/Socket"
import { TestClock } from "effect/testing"
import { Intake } from "../../src/exchange/Intake.ts"
import { counting, cutBy, dice } from "./Pair.ts"
import { ascii, textOf } from "./Raw.ts"

/** An intake whose network is the test. */
const open = Effect.gen(function*() {
  const arriving = yield* Queue.unbounded<Uint8Array, SocketError>()
  const feed = (...texts: ReadonlyArray<string>) => Queue.offerAllUnsafe(arriving, texts.map(ascii))
  const intake = new Intake({ pull: Queue.takeAll(arriving) })
  return { intake, feed, arriving, fin: Queue.fail(arriving, SocketFailure.closed(1000)) }
})

const endOf = (intake: Intake) => intake.over?._tag

/** Lets forked fibers run until they wait. */
const rest = Effect.repeat(Effect.yieldNow, { times: 20 })

describe("an intake gives", () => {
  it.effect("exactly as many bytes as a step asks for, however the network cut them", () =>
    Effect.gen(function*() {
      const whole = counting(600)
      for (let seed = 0; seed < 200; seed++) {
        const roll = dice(seed)
        const { arriving, intake } = yield* open
        Queue.offerAllUnsafe(arriving, cutBy(roll, whole, 1 + roll(200)))
        for (let at = 0; at < whole.length;) {
          const size = Math.min(roll(150), whole.length - at)
          assert.deepStrictEqual([...yield* intake.take(size)], [...whole.subarray(at, at + size)])
          at += size
        }
        assert.strictEqual(intake.available, 0)
      }
    }))

  it.effect("nothing at once where nothing is asked for", () =>
    Effect.gen(function*() {
      const { intake } = yield* open
      assert.strictEqual((yield* intake.take(0)).length, 0)
    }))

  it.effect("some of what is there, at most as much as is asked for, and waits for at least one byte", () =>
    Effect.gen(function*() {
      const { feed, intake } = yield* open
      const taking = yield* Effect.forkChild(intake.takeSome(3))
      yield* rest
      assert.isUndefined(taking.pollUnsafe())
      feed("abcde", "f")
      assert.strictEqual(textOf(yield* Fiber.join(taking)), "abc")
      assert.strictEqual(textOf(yield* intake.takeSome(3)), "de")
      assert.strictEqual(textOf(yield* intake.takeSome(3)), "f")
    }))

  it.effect("a look at the first bytes, over borders of segments, and leaves them where they are", () =>
    Effect.gen(function*() {
      const { feed, intake } = yield* open
      assert.strictEqual(intake.peek(4).length, 0)
      feed("a", "bc", "def")
      yield* intake.until(6)
      assert.deepStrictEqual([2, 4, 6, 100].map((size) => textOf(intake.peek(size))), [
        "ab",
        "abcd",
        "abcdef",
        "abcdef"
      ])
      assert.strictEqual(intake.available, 6)
      assert.strictEqual(textOf(intake.takeNow(6)), "abcdef")
    }))
})

describe("what has arrived is not lost", () => {
  it.effect("when a step is given up", () =>
    Effect.gen(function*() {
      const { feed, intake } = yield* open
      feed("abcd")
      const taking = yield* Effect.forkChild(Effect.timeoutOption(intake.take(6), "1 second"))
      yield* rest
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(taking))._tag, "None")
      assert.strictEqual(intake.available, 4)
      feed("ef")
      assert.strictEqual(textOf(yield* intake.take(6)), "abcdef")
    }))

  it.effect("when a step is interrupted before, at, and after the arrival of something", () =>
    Effect.gen(function*() {
      for (let turns = 0; turns < 12; turns++) {
        const { feed, intake } = yield* open
        const waiting = yield* Effect.forkChild(intake.until(10))
        yield* rest
        feed("abc")
        for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
        yield* Fiber.interrupt(waiting)
        feed("def")
        assert.strictEqual(textOf(yield* intake.take(6)), "abcdef", `interrupted ${turns} turns later`)
      }
    }))

  it.effect.each([2, 3, 4, 5, 8])(
    "when a step is interrupted in any pause that comes after %i operations",
    (pause) =>
      Effect.gen(function*() {
        for (let turns = 0; turns < 40; turns++) {
          let arrived: ReadonlyArray<Uint8Array> = [ascii("abc")]
          const pull = Effect.suspend(() => {
            const [chunk] = arrived
            arrived = []
            return chunk === undefined ? Effect.never : Effect.succeed([chunk] as const)
          })
          const intake = new Intake({ pull })
          const waiting = yield* Effect.forkChild(Effect.provideService(intake.until(10), MaxOpsBeforeYield, pause))
          for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
          yield* Fiber.interrupt(waiting)
          assert.strictEqual(textOf(yield* intake.take(3)), "abc", `interrupted ${turns} turns later`)
        }
      })
  )

  it.effect("when nothing more comes in time, which is said", () =>
    Effect.gen(function*() {
      const { feed, intake } = yield* open
      feed("ab")
      assert.isTrue(yield* intake.moreWithin("1 second"))
      const waiting = yield* Effect.forkChild(intake.moreWithin("1 second"))
      yield* rest
      yield* TestClock.adjust("1 second")
      assert.isFalse(yield* Fiber.join(waiting))
      assert.strictEqual(textOf(yield* intake.take(2)), "ab")
    }))

  it.effect("when an end comes behind it", () =>
    Effect.gen(function*() {
      const { feed, fin, intake } = yield* open
      feed("abcdef")
      yield* fin
      assert.strictEqual(textOf(yield* intake.take(2)), "ab")
      assert.strictEqual(textOf(yield* intake.takeSome(10)), "cdef")
    }))
})

describe("an end of reading", () => {
  it.effect("between two messages is a peer that closed, then and for ever", () =>
    Effect.gen(function*() {
      const { fin, intake } = yield* open
      assert.isUndefined(endOf(intake))
      yield* fin
      assert.strictEqual((yield* Effect.flip(intake.take(1)))._tag, "PeerClosed")
      assert.strictEqual((yield* Effect.flip(intake.takeSome(1)))._tag, "PeerClosed")
      assert.strictEqual(endOf(intake), "PeerClosed")
    }))

  it.effect("inside a message says how much there was of it", () =>
    Effect.gen(function*() {
      const { feed, fin, intake } = yield* open
      feed("ab", "c")
      yield* fin
      assert.deepInclude(yield* Effect.flip(intake.take(4)), { _tag: "FrameTruncated", pending: 3 })
      assert.deepInclude(yield* Effect.flip(intake.until(4)), { _tag: "FrameTruncated", pending: 3 })
    }))

  it.effect("by a reset is that, whatever has arrived", () =>
    Effect.gen(function*() {
      const { arriving, feed, intake } = yield* open
      feed("abc")
      yield* Queue.fail(arriving, SocketFailure.readFailed(SocketFailure.systemError("ECONNRESET", "read")))
      const error = yield* Effect.flip(intake.take(4))
      if (error._tag !== "SocketError") return assert.fail(error._tag)
      assert.strictEqual(SocketFailure.errno(error), "ECONNRESET")
    }))

  it.effect("wakes who waits", () =>
    Effect.gen(function*() {
      const { fin, intake } = yield* open
      const taking = yield* Effect.forkChild(Effect.flip(intake.take(1)))
      yield* rest
      yield* fin
      assert.strictEqual((yield* Fiber.join(taking))._tag, "PeerClosed")
    }))
})
