/** Over real sockets, as only these show what the system says of a slow reader. The test alone moves the time of limits. */
import { assert, it } from "@effect/vitest"
import { type Pipe, Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"
import { ByteLink } from "../src/index.ts"

const size = 64 * 1024 * 1024
const turn = TestClock.withLive(Effect.sleep("5 millis"))

/** Reads a little, until the writer's system knows that something was read. A look is good for 100 ms. */
const readSome = Effect.fnUntraced(function*(writer: Pipe.Pipe, reader: Pipe.Pipe) {
  do {
    reader.take()
    yield* turn
    yield* TestClock.adjust("100 millis")
  } while (writer.stalledFor() > 0)
})

it.effect.runIf(process.platform === "linux")(
  "a reader on a real socket has as long as it reads anything, and one limit or two when it has stopped",
  () =>
    Effect.gen(function*() {
      const transport = yield* Transport.Transport
      const listener = yield* transport.listen(NetAddress.inetAddressUnsafe(NetAddress.ipv4Loopback, 0))
      const reader = yield* transport.connect(listener.address)
      const writer = yield* Queue.take(listener.accepted)
      const link = yield* ByteLink.make(writer)
      const writing = yield* Effect.forkChild(Effect.flip(link.write([new Uint8Array(size)], "10 seconds")))
      // Node has handed over only a part of it, and says nothing of what becomes of that.
      for (let round = 0; round < 12; round++) {
        yield* turn
        yield* TestClock.adjust("5 seconds")
        yield* readSome(writer, reader)
      }
      assert.isUndefined(writing.pollUnsafe())
      while (writing.pollUnsafe() === undefined) yield* Effect.andThen(turn, TestClock.adjust("10 seconds"))
      assert.strictEqual((yield* Fiber.join(writing))._tag, "PeerUnresponsive")
      reader.reset()
    }).pipe(
      Effect.scoped,
      Effect.provideServiceEffect(Transport.Transport, NodeTransport.make)
    )
)
