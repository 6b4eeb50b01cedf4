/** `Listener.run` and `Listener.runPipes`: a fiber for each connection. */
import { assert } from "@effect/vitest"
import { Deferred, Effect, Fiber, Logger } from "effect"
import { open, port0, pullEnd, readText, type Test } from "./World.ts"

export const handlers = (test: Test) => {
  test("serves connections side by side and closes each when its handler ends", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(far.v4))
    const serving = yield* Effect.forkChild(listener.run((connection) =>
      Effect.gen(function*() {
        const reader = yield* connection.reader
        const writer = yield* connection.writer
        yield* writer.writeAll(yield* reader.pull)
      })
    ))
    const one = yield* open(near.transport.dial(listener.address))
    const other = yield* open(near.transport.dial(listener.address))
    yield* other.writer.write("other")
    assert.strictEqual(yield* readText(other.reader, 5), "other")
    assert.strictEqual(yield* pullEnd(other.reader), "FIN")
    yield* one.writer.write("one")
    assert.strictEqual(yield* readText(one.reader, 3), "one")
    yield* Fiber.interrupt(serving)
  })

  test("closes a connection whose handler never took it", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(far.v4))
    const serving = yield* Effect.forkChild(listener.run(() => Effect.void))
    const { reader } = yield* open(near.transport.dial(listener.address))
    assert.strictEqual(yield* pullEnd(reader), "FIN")
    yield* Fiber.interrupt(serving)
  })

  test("goes on serving after a handler failed or died", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(far.v4))
    let turns = 0
    const serving = yield* Effect.forkChild(
      listener.run((connection) =>
        Effect.gen(function*() {
          yield* connection.reader
          const turn = turns++
          if (turn === 0) return yield* Effect.fail("no luck")
          if (turn === 1) return yield* Effect.die("worse luck")
          const writer = yield* connection.writer
          yield* writer.write("luck")
        })
      ).pipe(Effect.provide(Logger.layer([])))
    )
    for (let turn = 0; turn < 2; turn++) {
      const { reader } = yield* open(near.transport.dial(listener.address))
      assert.strictEqual(yield* pullEnd(reader), "FIN")
    }
    const { reader } = yield* open(near.transport.dial(listener.address))
    assert.strictEqual(yield* readText(reader, 4), "luck")
    yield* Fiber.interrupt(serving)
  })

  test("interrupts the handlers and closes their connections when it is interrupted", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(far.v4))
    const begun = yield* Deferred.make<void>()
    const interrupted = yield* Deferred.make<void>()
    const serving = yield* Effect.forkChild(listener.run((connection) =>
      connection.reader.pipe(
        Effect.andThen(Deferred.succeed(begun, undefined)),
        Effect.andThen(Effect.never),
        Effect.onInterrupt(() => Deferred.succeed(interrupted, undefined))
      )
    ))
    const { reader } = yield* open(near.transport.dial(listener.address))
    yield* Deferred.await(begun)
    yield* Fiber.interrupt(serving)
    yield* Deferred.await(interrupted)
    assert.strictEqual(yield* pullEnd(reader), "FIN")
  })

  test("resets the connections of its handlers where the listener says so", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(far.v4), { resetOnClose: true })
    const serving = yield* Effect.forkChild(listener.run(() => Effect.void))
    const { reader } = yield* open(near.transport.dial(listener.address))
    assert.strictEqual(yield* pullEnd(reader), "SocketReadError ECONNRESET")
    yield* Fiber.interrupt(serving)
  })

  test("closes the pipes of handlers that it interrupts, and of those that fail", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(far.v4))
    const begun = yield* Deferred.make<void>()
    let turn = 0
    const serving = yield* Effect.forkChild(
      listener.runPipes(() =>
        turn++ === 0 ? Effect.die("no luck") : Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)
      )
    )
    const unlucky = yield* open(near.transport.dial(listener.address))
    assert.strictEqual(yield* pullEnd(unlucky.reader), "FIN")
    const { reader } = yield* open(near.transport.dial(listener.address))
    yield* Deferred.await(begun)
    yield* Fiber.interrupt(serving)
    assert.strictEqual(yield* pullEnd(reader), "FIN")
  })
}
