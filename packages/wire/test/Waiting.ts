/** Waiting in tests, without time passing by itself. */
import { assert } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"

/** Lets forked fibers run until they wait. */
export const settle = Effect.repeat(Effect.yieldNow, { times: 5 })

/** A fiber that has run until it waits, which it must. */
export const waiting = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  yield* settle
  assert.isUndefined(fiber.pollUnsafe())
  return fiber
})

/** The result of something that waits, which it does for exactly 4 seconds. */
export const after4Seconds = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* waiting(effect)
  yield* TestClock.adjust("3999 millis")
  assert.isUndefined(fiber.pollUnsafe())
  yield* TestClock.adjust("1 millis")
  assert.isDefined(fiber.pollUnsafe())
  return yield* Fiber.join(fiber)
})

/** Why something that waits gives up, which it does after exactly 4 seconds. */
export const lateAfter4Seconds = <A, E, R>(effect: Effect.Effect<A, E, R>) => after4Seconds(Effect.flip(effect))
