import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, PlatformError } from "effect"
import * as GatheredWriter from "../../src/peer/GatheredWriter.ts"

const mebibyte = 1_048_576
const full = PlatformError.systemError({ _tag: "Unknown", module: "FileSystem", method: "writeAll" })

/** A disk that keeps what is written to it; each write waits for `turn`. */
const disk = (turn: Effect.Effect<void, PlatformError.PlatformError> = Effect.yieldNow) => {
  const written: Array<Uint8Array> = []
  const writeAll = (bytes: Uint8Array) => Effect.andThen(turn, Effect.sync(() => written.push(bytes.slice())))
  return { written, file: { writeAll: (bytes: Uint8Array) => Effect.asVoid(writeAll(bytes)) } }
}

const numbered = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7 + index / 251) % 256)

describe("a gathered writer", () => {
  for (const size of [1, 1000, 65_536, mebibyte - 1, mebibyte, 3 * mebibyte + 5]) {
    it.effect(`writes in order what comes in chunks of ${size}`, () =>
      Effect.gen(function*() {
        const { file, written } = disk()
        const bytes = numbered(size === 1 ? 2000 : 3 * mebibyte + 17)
        const writer = yield* GatheredWriter.make(file)
        for (let at = 0; at < bytes.length; at += size) {
          // Nothing is kept of a chunk: what it was in is used for the next one.
          const chunk = bytes.slice(at, at + size)
          yield* writer.write(chunk)
          chunk.fill(0)
        }
        yield* writer.flush
        assert.strictEqual(Buffer.concat(written).compare(bytes), 0)
      }))
  }

  it.effect("gathers the next piece while one is written, and no more", () =>
    Effect.gen(function*() {
      const turn = yield* Deferred.make<void>()
      const { file, written } = disk(Deferred.await(turn))
      const writer = yield* GatheredWriter.make(file)
      yield* writer.write(new Uint8Array(2 * mebibyte - 1))
      const third = yield* Effect.forkScoped(writer.write(new Uint8Array(1)))
      yield* Effect.yieldNow
      assert.isUndefined(third.pollUnsafe())
      yield* Deferred.succeed(turn, undefined)
      yield* Fiber.join(third)
      yield* writer.flush
      assert.deepStrictEqual(written.map(({ length }) => length), [mebibyte, mebibyte])
    }))

  it.effect("writes nothing where nothing came", () =>
    Effect.gen(function*() {
      const { file, written } = disk()
      yield* (yield* GatheredWriter.make(file)).flush
      assert.lengthOf(written, 0)
    }))

  it.effect("says with the next piece or at the end that one could not be written", () =>
    Effect.gen(function*() {
      const writer = yield* GatheredWriter.make(disk(Effect.fail(full)).file)
      yield* writer.write(new Uint8Array(mebibyte))
      assert.strictEqual(yield* Effect.flip(writer.flush), full)
      assert.strictEqual(yield* Effect.flip(writer.write(new Uint8Array(mebibyte))), full)
    }))

  it.effect("is not left before what is being written is written", () =>
    Effect.gen(function*() {
      const turn = yield* Deferred.make<void>()
      const { file, written } = disk(Deferred.await(turn))
      const broken = Effect.flatMap(
        GatheredWriter.make(file),
        (writer) => Effect.andThen(writer.write(new Uint8Array(mebibyte)), Effect.fail("broken off"))
      )
      const leaving = yield* Effect.forkScoped(Effect.scoped(broken))
      yield* Effect.yieldNow
      assert.isUndefined(leaving.pollUnsafe())
      yield* Deferred.succeed(turn, undefined)
      assert.strictEqual(yield* Effect.flip(Fiber.join(leaving)), "broken off")
      assert.lengthOf(written, 1)
    }))
})
