import { assert, describe, it } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { Effect, FileSystem, Stream } from "effect"
import { createHash } from "node:crypto"
import { memoryUsage } from "node:process"
import { folder, real } from "./Folder.ts"
import { sharing } from "./Peers.ts"

const mebibyte = 1_048_576
const size = 256 * mebibyte
const film = FileName.FileName.make("film.mkv")

const sha256 = Effect.fnUntraced(function*(path: string) {
  const hash = createHash("sha256")
  yield* Stream.runForEach(
    (yield* FileSystem.FileSystem).stream(path),
    (chunk) => Effect.sync(() => hash.update(chunk))
  )
  return hash.digest("hex")
})

describe("a large file", () => {
  it.live(
    "of 256 MiB goes from one peer to another as it is, without ever being in memory as a whole",
    () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const [there, here] = [yield* folder, yield* folder]
        const blocks = Stream.map(
          Stream.range(1, size / mebibyte),
          (count) => new Uint8Array(mebibyte).fill(count % 251)
        )
        yield* Stream.run(blocks, fs.sink(there.at(film)))
        const holder = yield* sharing(there.directory)
        const requester = yield* sharing(here.directory)
        const before = memoryUsage().rss
        let most = 0
        const watching = Stream.runForEach(requester.events, (event) =>
          Effect.sync(() => {
            if (event._tag === "Progress") most = Math.max(most, memoryUsage().rss)
          }))
        yield* Effect.forkScoped(watching)
        const saved = yield* requester.download(holder.self, film)
        assert.strictEqual(saved.bytes, size)
        assert.isAbove(most, 0)
        assert.isBelow(most - before, 128 * mebibyte)
        assert.strictEqual(yield* sha256(here.at(film)), yield* sha256(there.at(film)))
      }).pipe(real),
    120_000
  )
})
