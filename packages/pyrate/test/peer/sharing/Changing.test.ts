/** A file that changes while it is fetched: there is no copy of it, rather than one that was never there. */
import { assert, describe } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { Effect, Fiber, FileSystem } from "effect"
import { changed, folder, live } from "../Folder.ts"
import { next, sharing } from "./Strangers.ts"

const film = FileName.FileName.make("film.mkv")

describe("a file that is rewritten in place while it is fetched", () => {
  live("is not saved, nothing of it is left, and the holder says why", function*() {
    const fs = yield* FileSystem.FileSystem
    const [there, here] = [yield* folder, yield* folder]
    const size = 1_000_000
    yield* there.put(film, "a".repeat(size))
    yield* fs.utimes(there.at(film), 1, 1)
    // The disk of a holder on which somebody else writes as soon as it has read a piece.
    const holder = yield* changed(sharing(there.directory), (fs) => ({
      open: (path, options) =>
        Effect.map(fs.open(path, options), (file) => {
          const read = (buffer: Uint8Array) => Effect.tap(file.read(buffer), there.put(film, "b".repeat(size)))
          return Object.create(file, { read: { value: read } })
        })
    }))
    const requester = yield* sharing(here.directory)
    const rejected = yield* next(holder, ({ _tag }) => _tag === "Rejected")
    const error = yield* Effect.flip(requester.download(holder.self, film))
    assert.strictEqual(error.reason._tag, "Incomplete")
    assert.match(error.message, /^The peer sent film\.mkv, but did not confirm that it is whole: .* try again\.$/)
    assert.deepStrictEqual(yield* here.entries, [])
    assert.deepStrictEqual(yield* Fiber.join(rejected), {
      _tag: "Rejected",
      host: "127.0.0.1",
      reason: "FileChanged"
    })
  })
})
