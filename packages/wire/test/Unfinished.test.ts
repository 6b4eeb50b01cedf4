/** Frames that begin and are not whole, on many links of one budget. */
import { assert, describe, it } from "@effect/vitest"
import { Budget, Link } from "@peerage/wire"
import { Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { format } from "./JsonLines.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"

const Line = Schema.Union([Schema.String, Schema.Finite])

/** Links whose unfinished frames may take so much together, each with a fiber that receives. */
const links = Effect.fnUntraced(function*(limit: number) {
  const unfinished = { budget: yield* Budget.make(limit), silence: "30 seconds" } as const
  return Effect.fnUntraced(function*() {
    const pipe = new ScriptedPipe()
    const link = yield* Link.make(pipe, { format, unfinished })
    const next = yield* Effect.forkChild(Effect.flip(Effect.forever(link.receive(Line))), { startImmediately: true })
    return { pipe, why: Effect.map(Fiber.join(next), ({ _tag }) => _tag) }
  })
})

describe("a frame that is not whole", () => {
  it.effect("is bounded together with those of other links: the largest of the slowest is reset", () =>
    Effect.gen(function*() {
      const open = yield* links(100)
      const [first, second, third] = [yield* open(), yield* open(), yield* open()]
      first.pipe.feed(`"${"x".repeat(50)}`)
      second.pipe.feed(`"${"x".repeat(30)}`)
      yield* TestClock.adjust("1 second")
      third.pipe.feed(`"`, "x".repeat(20))
      assert.deepStrictEqual([first, second, third].map(({ pipe }) => pipe.left), ["reset", undefined, undefined])
      assert.strictEqual(yield* first.why, "TooMuchHeld")
    }))

  it.effect("counts for nothing once it is whole, and the link has ended", () =>
    Effect.gen(function*() {
      const open = yield* links(100)
      const first = yield* open()
      for (let at = 0; at < 10; at++) first.pipe.feed(`"${"x".repeat(60)}`, `"\n"x`, `"\n`)
      const second = yield* open()
      second.pipe.feed(`"${"x".repeat(40)}`)
      second.pipe.fin()
      assert.strictEqual(yield* second.why, "FrameTruncated")
      second.pipe.close()
      const third = yield* open()
      third.pipe.feed(`"${"x".repeat(90)}`)
      assert.deepStrictEqual([first, second, third].map(({ pipe }) => pipe.left), [undefined, "close", undefined])
    }))

  it.effect("counts for nothing where it came with the end of the connection", () =>
    Effect.gen(function*() {
      const open = yield* links(100)
      const first = yield* open()
      first.pipe.hold(`"${"x".repeat(40)}`)
      first.pipe.vanish()
      assert.strictEqual(yield* first.why, "SocketError")
      const second = yield* open()
      second.pipe.feed(`"${"x".repeat(90)}`)
      assert.strictEqual(second.pipe.left, undefined)
    }))

  it.effect("ends the link when nothing more came of it for one silence, or two", () =>
    Effect.gen(function*() {
      const open = yield* links(100)
      const [idle, dead, slow] = [yield* open(), yield* open(), yield* open()]
      idle.pipe.feed(`1\n`)
      dead.pipe.feed(`"x`)
      for (let at = 0; at < 10; at++) {
        slow.pipe.feed(`${at}`)
        yield* TestClock.adjust("25 seconds")
      }
      assert.deepStrictEqual([idle, dead, slow].map(({ pipe }) => pipe.left), [undefined, "reset", undefined])
      assert.strictEqual(yield* dead.why, "PeerUnresponsive")
    }))
})
