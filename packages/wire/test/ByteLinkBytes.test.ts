import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { ByteLink } from "../src/index.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"

describe("a byte link", () => {
  it.effect("knows how many bytes were handed over, those of a write that still waits included", () =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      const link = yield* ByteLink.make(pipe)
      assert.strictEqual(link.written(), 0)
      yield* link.write([new Uint8Array(3), new Uint8Array(4)])
      assert.strictEqual(link.written(), 7)
      pipe.congested = true
      const writing = yield* Effect.forkChild(link.write([new Uint8Array(5)]), { startImmediately: true })
      assert.isUndefined(writing.pollUnsafe())
      assert.strictEqual(link.written(), 12)
      yield* Fiber.interrupt(writing)
      assert.strictEqual(link.written(), 12)
    }))

  it.effect("hands bytes over without waiting, and says that a write would wait", () =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      const link = yield* ByteLink.make(pipe)
      yield* link.hand([Uint8Array.of(0x61)])
      assert.isTrue(link.hasRoom())
      pipe.congested = true
      yield* link.hand([Uint8Array.of(0x62), Uint8Array.of(0x63)])
      assert.isFalse(link.hasRoom())
      yield* link.hand([Uint8Array.of(0x64)])
      assert.deepStrictEqual(pipe.writes, ["a", "bc", "d"])
      pipe.drain()
      assert.isTrue(link.hasRoom())
      pipe.breakWrites()
      assert.strictEqual((yield* Effect.flip(link.hand([Uint8Array.of(0x65)])))._tag, "SocketError")
    }))

  it.effect("gives bytes to be kept in memory that no other bytes keep, however they were cut", () =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      const { reader } = yield* ByteLink.make(pipe)
      pipe.feed(Uint8Array.from({ length: 2000 }, (_, index) => index), Uint8Array.of(1, 2, 3))
      yield* reader.more()
      const taken = [1, 1500, 499, 9, 1].map((size) => reader.takeOwn(size))
      assert.deepStrictEqual(taken.map(({ length }) => length), [1, 1500, 499, 3, 0])
      assert.deepStrictEqual(taken.map((bytes) => bytes[0]), [0, 1, 1501 % 256, 1, undefined])
      for (const bytes of taken) assert.strictEqual(bytes.buffer.byteLength, bytes.length)
    }))

  it.effect("gives bytes to be kept as they came, where they came with little else", () =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      const { reader } = yield* ByteLink.make(pipe)
      const chunk = Buffer.from(Uint8Array.of(9, 9, 1, 2, 3).buffer)
      pipe.feed(chunk)
      yield* reader.more()
      reader.takeNow(2)
      const bytes = reader.takeOwn(3)
      assert.deepStrictEqual(bytes, Uint8Array.of(1, 2, 3))
      assert.strictEqual(bytes.buffer, chunk.buffer)
      assert.strictEqual(reader.available(), 0)
    }))
})
