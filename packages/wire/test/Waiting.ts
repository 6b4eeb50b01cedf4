/** Waiting in tests, without time passing by itself. */
import { assert } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"

/** Lets forked fibers run until they wait. */
export const settle = Effect.repeat(Effect.yieldNow, { times: 5 })

/** Why something that waits gives up, which it does after exactly 4 seconds. */
export const lateAfter4Seconds = Effect.fnUntraced(function*<A, E>(waiting: Effect.Effect<A, E>) {
  const fiber = yield* Effect.forkChild(Effect.flip(waiting))
  yield* settle
  yield* TestClock.adjust("3999 millis")
  assert.isUndefined(fiber.pollUnsafe())
  yield* TestClock.adjust("1 millis")
  assert.isDefined(fiber.pollUnsafe())
  return yield* Fiber.join(fiber)
})
