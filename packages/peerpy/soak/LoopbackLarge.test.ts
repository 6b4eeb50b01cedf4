/** A gibibyte over real sockets, of which little is ever held. */
import { assert, describe, it } from "@effect/vitest"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Fiber, Stream } from "effect"
import * as Zlib from "node:zlib"
import { begin, connected, soon, type World } from "../test/peer/World.ts"
import { loopbackWorld } from "../test/peer/Worlds.ts"

const chunkBytes = 262_144
const chunkCount = 4096
const held = 64 << 20

/** Chunks, each with its number in it. Each has memory of its own, as it stays on its way for a while. */
const source = () => {
  const pattern = Buffer.alloc(chunkBytes, "no two chunks are alike. ")
  return Stream.map(Stream.range(0, chunkCount - 1), (index) => {
    const chunk = new Uint8Array(pattern)
    new DataView(chunk.buffer).setUint32(0, index)
    return chunk
  }).pipe(Stream.rechunk(1))
}

/** The length of all chunks, and a checksum that knows their order. */
const sumOf = Effect.fnUntraced(function*<E>(chunks: Stream.Stream<Uint8Array, E>) {
  let [length, sum] = [0, 0]
  yield* Stream.runForEach(chunks, (chunk) =>
    Effect.sync(() => {
      sum = Zlib.crc32(chunk, sum)
      length += chunk.length
    }))
  return { length, sum }
})

describe("on this machine", () => {
  it.live("a gibibyte goes from a stream to a stream, and nowhere does it pile up", () =>
    Effect.gen(function*() {
      const world: World = yield* loopbackWorld
      const [alice, bob] = [yield* begin(world), yield* begin(world, { serve: () => Effect.never })]
      const { far, near } = yield* connected(alice, bob, { type: "bytes" })
      let [taken, given, most] = [0, 0, 0]
      const counted = Stream.mapEffect(source(), (chunk) =>
        Effect.sync(() => {
          given += chunk.length
          most = Math.max(most, given - taken)
          return chunk
        }))
      const size = chunkBytes * chunkCount
      const sending = yield* Effect.forkChild(near.sendChunks({ size, chunks: counted }))
      const incoming = yield* soon(far.receiveChunks)
      const received = yield* sumOf(Stream.tap(incoming.chunks, (chunk) => {
        taken += chunk.length
        return Effect.void
      }))
      yield* Fiber.join(sending)
      assert.deepStrictEqual(received, yield* sumOf(source()))
      assert.strictEqual(received.length, 1 << 30)
      assert.isBelow(most, held)
    }).pipe(Effect.provide(NodeTransport.layer)))
})
