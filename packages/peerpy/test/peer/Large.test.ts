import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Stream } from "effect"
import { counting } from "../exchange/Pair.ts"
import { both, count, helloOf, only, reasonsOf, running, settle, stranger, test, visit } from "./Network.ts"

const bytes = { type: "bytes" } as const
const small = { maxPayloadBytes: 1000 }
const mebibyte = 1 << 20

/** So many chunks, each filled with its number. */
const chunks = (number: number, size: number) =>
  Stream.map(Stream.range(0, number - 1), (index) => new Uint8Array(size).fill(index))

const collected = <E>(stream: Stream.Stream<Uint8Array, E>) =>
  Effect.map(Stream.runCollect(stream), (parts) => Buffer.concat(parts))

describe("a payload too large to be held", () => {
  test("goes from a stream to a stream, 64 MiB with next to nothing held", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { far, near } = yield* both(bytes)
    const size = 64 * mebibyte
    const sending = yield* Effect.forkChild(near.sendChunks({ size, chunks: chunks(1024, 65_536) }))
    const incoming = yield* far.receiveChunks
    let [received, most] = [0, 0]
    yield* Stream.runForEach(incoming.chunks, (chunk) =>
      Effect.map(network.buffered, (held) => {
        for (const [byte, at] of [[chunk[0], received], [chunk.at(-1), received + chunk.length - 1]] as const) {
          assert.strictEqual(byte, Math.floor(at / 65_536) % 256)
        }
        received += chunk.length
        most = Math.max(most, held)
      }))
    yield* Fiber.join(sending)
    assert.deepStrictEqual([incoming.size, received], [size, size])
    assert.isAtMost(most, mebibyte)
  })

  test("is not received as a value, which says so, and the connection goes on", function*() {
    const { far, near } = yield* both(bytes, small)
    yield* Effect.forkChild(Effect.forEach([500, 1001, 2_000_000, 1000], (size) => near.send(counting(size))))
    assert.strictEqual((yield* far.receive).length, 500)
    for (const size of [1001, 2_000_000]) {
      assert.deepInclude((yield* Effect.flip(far.receive)).reason, { _tag: "PayloadTooLarge", size, limit: 1000 })
    }
    assert.deepStrictEqual(yield* far.receive, counting(1000))
  })

  test("ends a connection for values that cannot come by and by", function*() {
    const { alice, bob, near } = yield* both({ type: "json" }, small)
    yield* near.send("x".repeat(1000))
    yield* settle
    assert.deepStrictEqual([reasonsOf(alice), reasonsOf(bob)], [["PeerClosed"], ["PayloadTooLarge"]])
  })

  test("keeps its place among others, large and small, in either way of receiving", function*() {
    const { far, near } = yield* both(bytes, small)
    yield* near.send(counting(10))
    yield* near.sendChunks({ size: 3000, chunks: chunks(3, 1000) })
    yield* near.send(counting(20))
    yield* near.sendChunks({ size: 5, chunks: Stream.make(counting(5)) })
    yield* near.sendChunks({ size: 0, chunks: Stream.empty })
    const sizes: Array<number> = []
    for (let index = 0; index < 4; index++) {
      const { chunks, size } = yield* far.receiveChunks
      assert.strictEqual((yield* collected(chunks)).length, size)
      sizes.push(size)
    }
    assert.deepStrictEqual(sizes, [10, 3000, 20, 5])
    assert.strictEqual((yield* far.receive).length, 0)
  })

  test("that nobody wants to the end holds up nothing behind it", function*() {
    const { far, near } = yield* both(bytes, small)
    const sending = yield* Effect.forkChild(near.sendChunks({ size: 4 * mebibyte, chunks: chunks(64, 65_536) }))
    const { chunks: incoming } = yield* far.receiveChunks
    yield* Stream.runDrain(Stream.take(incoming, 1))
    yield* Fiber.join(sending)
    yield* near.send(counting(10))
    assert.deepStrictEqual(yield* far.receive, counting(10))
  })

  test("lets its sender wait as long as nobody takes it", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { far, near } = yield* both(bytes, small)
    const sending = yield* Effect.forkChild(near.sendChunks({ size: 8 * mebibyte, chunks: chunks(128, 65_536) }))
    const { chunks: incoming } = yield* far.receiveChunks
    yield* settle
    assert.isTrue(running(sending))
    assert.isAtMost(yield* network.buffered, mebibyte)
    assert.strictEqual((yield* collected(incoming)).length, 8 * mebibyte)
    yield* Fiber.join(sending)
  })
})

describe("a large payload that breaks off", () => {
  const endless = { size: 4 * mebibyte, chunks: Stream.concat(Stream.make(counting(5000)), Stream.never) }

  test("because its source fails ends the connection, at both ends, with the source's own error", function*() {
    const { alice, bob, far, near } = yield* both(bytes, small)
    const source = Stream.concat(Stream.make(counting(5000)), Stream.fail("no disk" as const))
    const sending = yield* Effect.forkChild(Effect.flip(near.sendChunks({ size: 10_000, chunks: source })))
    const { chunks: incoming } = yield* far.receiveChunks
    const error = yield* Effect.flip(Stream.runDrain(incoming))
    assert.strictEqual(yield* Fiber.join(sending), "no disk")
    assert.strictEqual(error.reason._tag, "PeerClosed")
    yield* settle
    assert.deepStrictEqual([reasonsOf(alice), reasonsOf(bob)], [["WrongLength"], ["PeerClosed"]])
  })

  test.each(["near", "far"] as const)(
    "because %s closes fails at the receiver, after what has come",
    function*(closing) {
      const ends = yield* both(bytes, small)
      yield* Effect.forkChild(Effect.ignore(ends.near.sendChunks(endless)))
      const { chunks: incoming } = yield* ends.far.receiveChunks
      let received = 0
      const receiving = yield* Effect.forkChild(Effect.flip(Stream.runForEach(incoming, ({ length }) => {
        received += length
        return Effect.void
      })))
      yield* settle
      yield* ends[closing].close
      const { reason } = yield* Fiber.join(receiving)
      assert.deepStrictEqual([reason._tag, received], [closing === "far" ? "Closed" : "PeerClosed", 5000])
    }
  )

  test("because a hostile sender goes takes no more than what came", function*() {
    const bob = yield* visit(2, { serve: () => Effect.never, config: small })
    const raw = yield* stranger(9, 2)
    raw.say(helloOf(9), `DATA|data_size=${2 ** 53 - 1}&data_type=bytes`)
    raw.write(counting(100))
    yield* settle
    const { chunks: incoming, size } = yield* (yield* only(bob, "bytes")).receiveChunks
    assert.strictEqual(size, 2 ** 53 - 1)
    raw.pipe.reset()
    assert.strictEqual((yield* Effect.flip(collected(incoming))).reason._tag, "SocketError")
    yield* settle
    assert.deepStrictEqual(reasonsOf(bob), ["ECONNRESET"])
  })
})

describe("chunks", () => {
  it.effect("are for bytes outside of a stream, and what is refused leaves the connection as it is", () =>
    Effect.gen(function*() {
      const payload = { size: 5, chunks: Stream.make(counting(5)) }
      for (const options of [{ type: "json" }, { type: "raw" }, { type: "bytes", stream: true }] as const) {
        const { alice, near } = yield* both(options).pipe(Effect.provide(MemoryNetwork.layer()))
        assert.strictEqual((yield* Effect.flip(near.sendChunks(payload))).reason._tag, "UnsendableValue")
        assert.strictEqual(yield* count(alice), 1)
      }
    }))
})
