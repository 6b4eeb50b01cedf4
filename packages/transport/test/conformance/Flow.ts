/** Bytes in flight: order, batches, text, and backpressure from a slow reader to the writer. */
import { assert } from "@effect/vitest"
import { Effect, Fiber, Queue } from "effect"
import { ascii, pair, port0, readText, type Test, type World } from "./World.ts"

const piece = 64 * 1024
const pieces = 1024
const total = piece * pieces

/** More than the kernel's buffers of both ends and Node's own hold together, far less than all of it. */
const bound = 16 * 1024 * 1024

/** Lets the writer begin, and run until it makes no progress any more. */
const stalled = Effect.fnUntraced(function*(world: World, progress: () => number) {
  let before = -1
  while (progress() === 0 || progress() !== before) {
    before = progress()
    yield* world.settle
  }
})

export const flow = (test: Test) => {
  test("keeps the order of writes and batches, of bytes and text", function*(world) {
    const { near, far } = yield* pair(world)
    yield* near.writer.write("one ")
    yield* near.writer.writeAll([ascii("two "), "three ", ascii("four ")])
    yield* near.writer.write(ascii("fünf"))
    assert.strictEqual(yield* readText(far.reader, 23), "one two three four fünf")
  })

  test("carries both directions at once", function*(world) {
    const { near, far } = yield* pair(world)
    yield* Effect.all([near.writer.write("to far"), far.writer.write("to near")], { concurrency: 2 })
    assert.strictEqual(yield* readText(near.reader, 7), "to near")
    assert.strictEqual(yield* readText(far.reader, 6), "to far")
  })

  test("does not buffer a nagled or an unnagled small write for ever", function*(world) {
    for (const noDelay of [false, true]) {
      const { near, far } = yield* pair(world, { dial: { noDelay }, listen: { noDelay } })
      yield* near.writer.write("a")
      yield* near.writer.write("b")
      assert.strictEqual(yield* readText(far.reader, 2), "ab")
    }
  })

  test("does not need the bytes of a long write any more when it returned true", function*(world) {
    const listener = yield* world.far.transport.listen(port0(world.far.v4))
    const near = yield* world.near.transport.connect(listener.address)
    const far = yield* Queue.take(listener.accepted)
    yield* world.settle
    const chunk = new Uint8Array(piece + 100)
    let [written, room] = [0, true]
    while (room && written < 8 * chunk.length) {
      chunk.fill(written / chunk.length)
      room = near.write([chunk])
      written += chunk.length
    }
    const wrong: Array<number> = []
    for (let read = 0; read < written;) {
      yield* world.settle
      for (const bytes of far.take() ?? []) {
        for (const byte of bytes) if (byte !== Math.floor(read++ / chunk.length)) wrong.push(read)
      }
    }
    assert.deepStrictEqual(wrong.slice(0, 3), [])
    near.reset()
    far.reset()
  })

  test("says that the peer takes something of a large write whenever it does", function*(world) {
    const listener = yield* world.far.transport.listen(port0(world.far.v4))
    const near = yield* world.near.transport.connect(listener.address)
    const far = yield* Queue.take(listener.accepted)
    near.write([new Uint8Array(total)])
    for (let round = 0; round < 5; round++) {
      yield* world.elapse("1 second")
      // A look, with which the next ones are compared.
      const before = near.stalledFor()
      do {
        far.take()
        yield* world.settle
      } while (near.stalledFor() > before)
    }
    near.reset()
    far.reset()
  })

  for (const door of ["write", "writeAll"] as const) {
    test(`holds a ${door} of 64 MiB back while nobody reads, and loses nothing`, function*(world) {
      const { near, far } = yield* pair(world)
      let sent = 0
      const writing = yield* Effect.forkChild(Effect.gen(function*() {
        for (let index = 0; index < pieces; index++) {
          const bytes = new Uint8Array(piece).fill(index % 251)
          yield* door === "write"
            ? near.writer.write(bytes)
            : near.writer.writeAll([bytes.subarray(0, 1), bytes.subarray(1)])
          sent += piece
        }
        yield* near.leaveWriter
      }))
      yield* stalled(world, () => sent)
      assert.isAbove(sent, 0)
      assert.isBelow(sent, bound)

      let received = 0
      let ahead = 0
      let wrong = 0
      while (received < total) {
        for (const chunk of yield* far.reader.pull) {
          for (let offset = 0; offset < chunk.length; offset += 4096) {
            if (chunk[offset] !== Math.floor((received + offset) / piece) % 251) wrong++
          }
          received += chunk.length
        }
        ahead = Math.max(ahead, sent - received)
      }
      yield* Fiber.join(writing)
      assert.strictEqual(received, total)
      assert.strictEqual(wrong, 0)
      assert.isBelow(ahead, bound)
    })
  }
}
