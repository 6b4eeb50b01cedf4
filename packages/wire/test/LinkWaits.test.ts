import { assert, describe } from "@effect/vitest"
import { Clock, Effect, Exit, Fiber } from "effect"
import { Count, linked } from "./Testers.ts"
import { settle, waiting } from "./Waiting.ts"

describe("a wait on a link", () => {
  linked("that another ends takes nothing of what came in the same moment", function*({ link, pipe }) {
    const others: Array<Fiber.Fiber<unknown, unknown>> = []
    const receive = Effect.tap(link.receive(Count), () => Fiber.interruptAll(others))
    const first = yield* waiting(receive)
    others.push(yield* waiting(link.receive(Count)))
    pipe.feed("{\"count\":1}\n{\"count\":2}\n")
    assert.deepStrictEqual(yield* Fiber.join(first), { count: 1 })
    const second = yield* Effect.forkChild(link.receive(Count))
    yield* settle
    assert.deepStrictEqual(second.pollUnsafe(), Exit.succeed({ count: 2 }))
  })

  linked("that is over in time leaves no timer behind", function*({ link, pipe }) {
    const clock = yield* Clock.Clock
    let sleepers = 0
    const sleep: Clock.Clock["sleep"] = (duration) =>
      Effect.acquireUseRelease(
        Effect.sync(() => sleepers++),
        () => clock.sleep(duration),
        () => Effect.sync(() => sleepers--)
      )
    const receive = Effect.provideService(link.receive(Count, "4 seconds"), Clock.Clock, { ...clock, sleep })
    const receiving = yield* waiting(receive)
    assert.strictEqual(sleepers, 1)
    pipe.feed("{\"count\":1}\n")
    yield* Fiber.join(receiving)
    yield* settle
    assert.strictEqual(sleepers, 0)
  })
})
