/** What only a world that can be broken shows: a host that dies without a word. */
import { assert } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { howEnded, pair, pullEnd, type Test } from "./World.ts"

export const faults = (test: Test) => {
  test("finds a dead host by keep-alive, and not without", function*(world) {
    if (world.killFar === undefined) return
    const watched = yield* pair(world, { dial: { keepAlive: "1 second" } })
    const unwatched = yield* pair(world)
    const pulling = yield* Effect.forkChild(pullEnd(watched.near.reader), { startImmediately: true })
    const hanging = yield* Effect.forkChild(pullEnd(unwatched.near.reader), { startImmediately: true })
    yield* world.killFar
    yield* world.elapse("1 minute")
    assert.strictEqual(yield* Fiber.join(pulling), "SocketReadError ETIMEDOUT")
    assert.strictEqual(hanging.pollUnsafe(), undefined)
    const error = yield* Effect.flip(watched.near.writer.write("anybody?"))
    assert.strictEqual(howEnded(error), "SocketWriteError ETIMEDOUT")
    yield* Fiber.interrupt(hanging)
  })
}
