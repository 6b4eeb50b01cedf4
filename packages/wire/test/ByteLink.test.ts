import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { ByteLink } from "../src/index.ts"
import { listen } from "./Listening.ts"
import { byteLinked, bytes, networked, openBytes, textOf } from "./Testers.ts"
import { lateAfter4Seconds, waiting } from "./Waiting.ts"

describe("a link of bytes", () => {
  networked("knows both addresses, carries bytes both ways, and reads on after it has sent FIN", function*() {
    const listener = yield* listen()
    const queue = yield* Queue.unbounded<ByteLink.ByteLink>()
    yield* Effect.forkScoped(ByteLink.serve(listener, (link) => Effect.andThen(Queue.offer(queue, link), Effect.never)))
    const network = yield* MemoryNetwork.MemoryNetwork
    const dialed = yield* ByteLink.dial(network.transport("10.0.0.2"), listener.address)
    const accepted = yield* Queue.take(queue)
    assert.deepStrictEqual([accepted.remote, accepted.local], [dialed.local, dialed.remote])
    assert.strictEqual(NetAddress.formatInet(accepted.local), "10.0.0.1:4702")
    yield* dialed.write([bytes("HEL"), bytes("LO")])
    assert.strictEqual(textOf(yield* accepted.reader.take(5)), "HELLO")
    yield* dialed.write([bytes("all")])
    yield* dialed.end
    assert.strictEqual(textOf(yield* accepted.reader.takeToEnd(10)), "all")
    yield* accepted.write([bytes("the answer")])
    yield* accepted.close
    assert.strictEqual(textOf(yield* dialed.reader.takeToEnd(10)), "the answer")
    assert.strictEqual((yield* Effect.flip(dialed.write([bytes("more")])))._tag, "SocketError")
  })

  byteLinked("writes its chunks in one write, and waits while the peer is slow", function*({ link, pipe }) {
    pipe.congested = true
    const writing = yield* waiting(link.write([bytes("HEL"), bytes("LO")]))
    assert.deepStrictEqual(pipe.writes, ["HELLO"])
    pipe.drain()
    yield* Fiber.join(writing)
    pipe.congested = true
    const error = yield* lateAfter4Seconds(link.write([bytes("HELLO")], "4 seconds"))
    assert.strictEqual(error.message, "The peer sent no sign of reading within 4s.")
  })

  byteLinked("knows how many bytes were handed over, also by a write that still waits", function*({ link, pipe }) {
    assert.strictEqual(link.written(), 0)
    yield* link.write([new Uint8Array(3), new Uint8Array(4)])
    assert.strictEqual(link.written(), 7)
    pipe.congested = true
    const writing = yield* waiting(link.write([new Uint8Array(5)]))
    assert.strictEqual(link.written(), 12)
    yield* Fiber.interrupt(writing)
    assert.strictEqual(link.written(), 12)
  })

  byteLinked("hands bytes over without waiting, and says that a write would wait", function*({ link, pipe }) {
    yield* link.hand([bytes("a")])
    assert.isTrue(link.hasRoom())
    pipe.congested = true
    yield* link.hand([bytes("b"), bytes("c")])
    assert.isFalse(link.hasRoom())
    yield* link.hand([bytes("d")])
    assert.deepStrictEqual(pipe.writes, ["a", "bc", "d"])
    pipe.drain()
    assert.isTrue(link.hasRoom())
    pipe.breakWrites()
    assert.strictEqual((yield* Effect.flip(link.hand([bytes("e")])))._tag, "SocketError")
  })

  it.effect.each(["close", "reset", "breakOff", "vanish"] as const)(
    "fails all that waits, and what comes after (%s)",
    (how) =>
      Effect.gen(function*() {
        const { link, pipe, reader } = yield* openBytes
        pipe.congested = true
        pipe.feed("HEL")
        const writing = yield* waiting(Effect.flip(link.write([bytes("HELLO")])))
        const reading = yield* waiting(Effect.flip(reader.take(5)))
        if (how === "close" || how === "reset") yield* link[how]
        else pipe[how]()
        assert.strictEqual(pipe.left, how === "close" || how === "reset" ? how : undefined)
        assert.strictEqual((yield* Fiber.join(writing))._tag, "SocketError")
        assert.strictEqual((yield* Fiber.join(reading))._tag, "SocketError")
        assert.strictEqual((yield* Effect.flip(link.write([bytes("HELLO")])))._tag, "SocketError")
        assert.strictEqual((yield* Effect.flip(reader.take(5)))._tag, "SocketError")
        assert.strictEqual((yield* Effect.flip(reader.takeToEnd(5)))._tag, "SocketError")
        assert.isTrue(yield* reader.more())
        assert.deepStrictEqual(pipe.writes, ["HELLO"])
      })
  )

  byteLinked("gives bytes to be kept in memory that no other bytes keep, however they were cut", function*(ends) {
    const { pipe, reader } = ends
    pipe.feed(Uint8Array.from({ length: 2000 }, (_, index) => index), Uint8Array.of(1, 2, 3))
    yield* reader.more()
    const taken = [1, 1500, 499, 9, 1].map((size) => reader.takeOwn(size))
    assert.deepStrictEqual(taken.map(({ length }) => length), [1, 1500, 499, 3, 0])
    assert.deepStrictEqual(taken.map((bytes) => bytes[0]), [0, 1, 1501 % 256, 1, undefined])
    for (const bytes of taken) assert.strictEqual(bytes.buffer.byteLength, bytes.length)
  })

  byteLinked("gives bytes to be kept as they came, where they came with little else", function*({ pipe, reader }) {
    const chunk = Buffer.from(Uint8Array.of(9, 9, 1, 2, 3).buffer)
    pipe.feed(chunk)
    yield* reader.more()
    reader.takeNow(2)
    const bytes = reader.takeOwn(3)
    assert.deepStrictEqual(bytes, Uint8Array.of(1, 2, 3))
    assert.strictEqual(bytes.buffer, chunk.buffer)
    assert.strictEqual(reader.available(), 0)
  })
})
