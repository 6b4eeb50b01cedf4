/** The manners of a listener: how many connections, from whom, how long idle, and what remains when it closes. */
import { assert } from "@effect/vitest"
import { type Options, type Pipe, SocketFailure } from "@peerage/transport"
import { Deferred, Effect, Exit, Fiber, Option, Queue, Scope } from "effect"
import { open, port0, pullEnd, readText, type Test, type World } from "./World.ts"

const listening = ({ far }: World, options: Options.ListenOptions) => far.transport.listen(port0(far.v4), options)

const closed = (pipe: Pipe.Pipe) =>
  Effect.callback<void>((resume) =>
    pipe.observe({ readable: () => {}, drained: () => {}, closed: () => resume(Effect.void) })
  )

const leave = Effect.fnUntraced(function*(pipe: Pipe.Pipe) {
  pipe.close()
  yield* closed(pipe)
})

export const limits = (test: Test) => {
  for (const options of [{ maxConnections: 1 }, { maxPerAddress: 1 }, { maxPerNetwork: 1 }]) {
    const limit = Object.keys(options).join()

    test(`closes a connection above ${limit} at once, and takes one again when there is room`, function*(world) {
      const listener = yield* listening(world, options)
      const dial = Effect.map(open(world.near.transport.dial(listener.address)), ({ reader }) => reader)
      yield* dial
      const first = yield* Queue.take(listener.accepted)
      assert.strictEqual(yield* pullEnd(yield* dial), "FIN")
      yield* leave(first)
      const third = yield* dial
      const accepted = yield* Queue.take(listener.accepted)
      accepted.write([new Uint8Array([33])])
      assert.strictEqual(yield* readText(third, 1), "!")
      accepted.close()
    })

    test(`lets a connection above ${limit} wait for room when told to`, function*(world) {
      const listener = yield* listening(world, { ...options, overLimit: "wait" })
      const dial = Effect.map(open(world.near.transport.dial(listener.address)), ({ reader }) => reader)
      yield* dial
      const first = yield* Queue.take(listener.accepted)
      const second = yield* dial
      yield* world.settle
      assert.isTrue(Option.isNone(yield* Queue.poll(listener.accepted)))
      yield* leave(first)
      const accepted = yield* Queue.take(listener.accepted)
      accepted.write([new Uint8Array([33])])
      assert.strictEqual(yield* readText(second, 1), "!")
      accepted.close()
    })
  }

  test("counts remote addresses apart", function*(world) {
    const listener = yield* listening(world, { maxPerAddress: 1 })
    yield* open(world.near.transport.dial(listener.address))
    yield* open(world.far.transport.dial(listener.address, { from: { host: world.far.v4 } }))
    const one = yield* Queue.take(listener.accepted)
    const other = yield* Queue.take(listener.accepted)
    one.close()
    other.close()
  })

  test("resets a connection that was idle for the limit", function*(world) {
    const listener = yield* listening(world, { idleLimit: "200 millis" })
    const { reader } = yield* open(world.near.transport.dial(listener.address))
    const accepted = yield* Queue.take(listener.accepted)
    const pulling = yield* Effect.forkChild(pullEnd(reader), { startImmediately: true })
    yield* world.elapse("200 millis")
    assert.strictEqual(yield* Fiber.join(pulling), "SocketReadError ECONNRESET")
    assert.strictEqual(accepted.ended()?.reason._tag, "SocketCloseError")
  })

  test(
    "closes what waits and what nobody took when the listener's scope is left, and refuses new dials",
    function*(world) {
      const scope = yield* Scope.make()
      const listener = yield* Scope.provide(listening(world, { maxConnections: 2, overLimit: "wait" }), scope)
      const taken = yield* open(world.near.transport.dial(listener.address))
      const accepted = yield* Queue.take(listener.accepted)
      const untaken = yield* open(world.near.transport.dial(listener.address))
      const waiting = yield* open(world.near.transport.dial(listener.address))
      yield* world.settle
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(yield* pullEnd(untaken.reader), "FIN")
      assert.strictEqual(yield* pullEnd(waiting.reader), "FIN")
      const refused = yield* Effect.flip(world.near.transport.connect(listener.address))
      assert.strictEqual(SocketFailure.errno(refused), "ECONNREFUSED")
      accepted.write([new Uint8Array([33])])
      assert.strictEqual(yield* readText(taken.reader, 1), "!")
      accepted.close()
    }
  )
}

/** Subjects that only a simulated clock can show exactly. */
export const exactLimits = (test: Test) => {
  test("counts idleness from the last byte, in either direction", function*(world) {
    const listener = yield* listening(world, { idleLimit: "200 millis" })
    const { reader, writer } = yield* open(world.near.transport.dial(listener.address))
    const accepted = yield* Queue.take(listener.accepted)
    const ended = Deferred.makeUnsafe<void>()
    accepted.observe({
      readable: () => accepted.take(),
      drained: () => {},
      closed: () => Deferred.doneUnsafe(ended, Effect.void)
    })
    yield* world.elapse("150 millis")
    yield* writer.write("still here")
    yield* world.elapse("150 millis")
    accepted.write([new Uint8Array([33])])
    yield* world.elapse("199 millis")
    assert.strictEqual(yield* readText(reader, 1), "!")
    assert.isFalse(Deferred.isDoneUnsafe(ended))
    yield* world.elapse("1 millis")
    assert.strictEqual(yield* pullEnd(reader), "SocketReadError ECONNRESET")
  })
}
