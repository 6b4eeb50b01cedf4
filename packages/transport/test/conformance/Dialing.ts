/** Dialing: refusal, patience, second thoughts, and dialing anew. */
import { assert } from "@effect/vitest"
import { SocketFailure } from "@peerage/transport"
import { Effect, Exit, Fiber, Queue } from "effect"
import type { SocketError } from "effect/socket/Socket"
import { open, port0, readText, type Test, type World } from "./World.ts"

const closedPort = ({ far }: World) =>
  Effect.scoped(Effect.map(far.transport.listen(port0(far.v4)), ({ address }) => address))

const openKind = ({ reason }: SocketError) => reason._tag === "SocketOpenError" ? reason.kind : reason._tag

export const dialing = (test: Test) => {
  test("is refused with ECONNREFUSED where nobody listens, through every door", function*(world) {
    const { transport } = world.near
    const address = yield* closedPort(world)
    const errors = [
      yield* Effect.flip(transport.dial(address).reader),
      yield* Effect.flip(transport.connect(address)),
      yield* Effect.flip(transport.request(address, new Uint8Array(1)))
    ]
    for (const error of errors) {
      assert.strictEqual(openKind(error), "Unknown")
      assert.strictEqual(SocketFailure.errno(error), "ECONNREFUSED")
    }
  })

  test("gives an unanswered dial up after its connect timeout", function*(world) {
    const address = yield* world.unanswering
    const dial = yield* Effect.forkChild(
      Effect.flip(world.near.transport.connect(address, { connectTimeout: "200 millis" }))
    )
    yield* world.elapse("200 millis")
    const error = yield* Fiber.join(dial)
    assert.strictEqual(openKind(error), "Timeout")
    assert.strictEqual(SocketFailure.errno(error), "ETIMEDOUT")
  })

  test("abandons a dial that is interrupted", function*(world) {
    const address = yield* world.unanswering
    const dial = yield* Effect.forkChild(world.near.transport.connect(address), { startImmediately: true })
    yield* world.settle
    yield* Fiber.interrupt(dial)
    assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(dial)))
  })

  test("dials anew each time the reader is acquired", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(far.v4))
    const connection = near.transport.dial(listener.address)
    for (const turn of ["first", "second"]) {
      const end = yield* open(connection)
      const accepted = yield* Queue.take(listener.accepted)
      accepted.end()
      yield* end.writer.write(turn)
      assert.strictEqual(yield* Effect.map(Effect.flip(end.reader.pull), SocketFailure.isFin), true)
      yield* end.leave
      accepted.close()
    }
  })

  test("holds writes back until the reader is acquired", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(far.v4))
    const serving = yield* Effect.forkChild(listener.run((connection) =>
      Effect.gen(function*() {
        const writer = yield* connection.writer
        yield* Effect.forkChild(writer.write("early "), { startImmediately: true })
        yield* Effect.forkChild(writer.writeAll(["birds"]), { startImmediately: true })
        yield* connection.reader
        return yield* Effect.never
      })
    ))
    const { reader } = yield* open(near.transport.dial(listener.address))
    assert.strictEqual(yield* readText(reader, 11), "early birds")
    yield* Fiber.interrupt(serving)
  })
}
