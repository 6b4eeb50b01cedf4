/** How the chunks of a file are written: gathered in large pieces, one on its way to the disk while the next comes. */
import { assert, describe } from "@effect/vitest"
import { Deferred, Effect, Fiber, Ref, Stream } from "effect"
import type { PlatformError } from "effect/PlatformError"
import * as Saving from "../../../src/peer/downloading/Saving.ts"
import { changed, folder, into, live, refusal } from "../Folder.ts"

const mebibyte = 1_048_576
/** Saves chunks to a disk where each piece is written after `turn`. Gives the sizes of the pieces that were written. */
const disk = Effect.fnUntraced(function*(turn: Effect.Effect<void, PlatformError> = Effect.void) {
  const { directory, entries, get } = yield* folder
  const written = yield* Ref.make<ReadonlyArray<number>>([])
  const save = (bytes: Stream.Stream<Uint8Array>) =>
    changed(Saving.save(into(directory, { maxBytes: 100 * mebibyte }), { size: undefined, bytes }), (fs) => ({
      open: (path, options) =>
        Effect.map(fs.open(path, options), (file) => {
          const writeAll = (piece: Uint8Array) =>
            Effect.andThen(
              turn,
              Effect.andThen(Ref.update(written, (all) => [...all, piece.length]), file.writeAll(piece))
            )
          return Object.create(file, { writeAll: { value: writeAll } })
        })
    }))
  return { entries, get, save, written: Ref.get(written) }
})

const numbered = (length: number) => Uint8Array.from({ length }, (_, index) => 97 + (index * 7 + index / 251) % 26)

describe("a file that comes in chunks", () => {
  live.each([1, 1000, 65_536, mebibyte - 1, mebibyte, mebibyte + 5].map((size) => ({ size })))(
    "is written in order, chunks of $size",
    function*({ size }) {
      const { get, save } = yield* disk()
      const bytes = numbered(size === 1 ? 2000 : 2 * mebibyte + 17)
      const chunks = Array.from(
        { length: Math.ceil(bytes.length / size) },
        (_, index) => bytes.subarray(index * size, (index + 1) * size)
      )
      assert.strictEqual((yield* save(Stream.fromIterable(chunks))).bytes, bytes.length)
      assert.isTrue((yield* get("song.txt")) === new TextDecoder().decode(bytes))
    }
  )

  live("is gathered in pieces of a mebibyte, so many ahead of the disk and no more", function*() {
    const gate = yield* Deferred.make<void>()
    const { save, written } = yield* disk(Deferred.await(gate))
    const came = yield* Ref.make(0)
    const chunk = Effect.as(Ref.update(came, (count) => count + 1), new Uint8Array(mebibyte / 2))
    const chunks = Stream.take(Stream.fromEffectRepeat(chunk), 40)
    const saving = yield* Effect.forkChild(save(chunks))
    // The folder is a real one, which takes real time.
    while ((yield* Ref.get(came)) < 4) yield* Effect.yieldNow
    for (let turn = 0; turn < 100; turn++) yield* Effect.yieldNow
    assert.isAtMost(yield* Ref.get(came), 8)
    yield* Deferred.succeed(gate, undefined)
    yield* Fiber.join(saving)
    assert.deepStrictEqual(yield* written, Array.from({ length: 20 }, () => mebibyte))
  })

  live("is not written where nothing came", function*() {
    const { save, written } = yield* disk()
    yield* save(Stream.empty)
    assert.deepStrictEqual(yield* written, [])
  })

  live("fails when one of its pieces cannot be written", function*() {
    const { save } = yield* disk(refusal("ENOSPC"))
    const chunks = Stream.forever(Stream.make(new Uint8Array(mebibyte)))
    assert.strictEqual((yield* Effect.flip(save(chunks)))._tag, "FileTrouble")
  })

  live("that is broken off leaves nothing, and not before what is being written is written", function*() {
    const [begun, gate] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
    const { entries, save, written } = yield* disk(
      Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(gate))
    )
    const saving = yield* Effect.forkChild(save(Stream.concat(Stream.make(new Uint8Array(mebibyte)), Stream.never)))
    yield* Deferred.await(begun)
    const leaving = yield* Effect.forkChild(Fiber.interrupt(saving))
    for (let turn = 0; turn < 100; turn++) yield* Effect.yieldNow
    assert.isUndefined(leaving.pollUnsafe())
    yield* Deferred.succeed(gate, undefined)
    yield* Fiber.join(leaving)
    assert.deepStrictEqual(yield* written, [mebibyte])
    assert.deepStrictEqual(yield* entries, [])
  })
})
