/** A large file that goes from one peer to another. */
import { FileName } from "@peerage/pyrate"
import { Effect, FileSystem, Stream } from "effect"
import { createHash } from "node:crypto"
import { memoryUsage } from "node:process"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { folder } from "../Folder.ts"
import { sharing } from "../sharing/Strangers.ts"

export const mebibyte = 1_048_576
const film = FileName.FileName.make("film.mkv")

/** Bytes in use. Garbage, that of earlier tests too, is not counted: it is freed when the first round has found it. */
const inUse = () => {
  setFlagsFromString("--expose-gc")
  const collectGarbage = runInNewContext("gc")
  collectGarbage()
  collectGarbage()
  const { arrayBuffers, heapUsed } = memoryUsage()
  return arrayBuffers + heapUsed
}

const sha256 = Effect.fnUntraced(function*(path: string) {
  const hash = createHash("sha256")
  const bytes = (yield* FileSystem.FileSystem).stream(path)
  yield* Stream.runForEach(bytes, (chunk) => Effect.sync(() => hash.update(chunk)))
  return hash.digest("hex")
})

/**
 * Fetches a file of so many mebibytes. Gives its size, whether it is as it was, and the most bytes in memory meanwhile.
 */
export const fetched = Effect.fnUntraced(function*(size: number) {
  const fs = yield* FileSystem.FileSystem
  const [there, here] = [yield* folder, yield* folder]
  const blocks = Stream.map(Stream.range(1, size), (count) => new Uint8Array(mebibyte).fill(count % 251))
  yield* Stream.run(blocks, fs.sink(there.at(film)))
  const holder = yield* sharing(there.directory)
  const requester = yield* sharing(here.directory)
  const before = inUse()
  let most = 0
  const watching = Stream.runForEach(requester.events, (event) =>
    Effect.sync(() => {
      if (event._tag === "Progress") most = Math.max(most, inUse() - before)
    }))
  yield* Effect.forkScoped(watching, { startImmediately: true })
  const { bytes } = yield* requester.download(holder.self, film)
  return { bytes, isSame: (yield* sha256(here.at(film))) === (yield* sha256(there.at(film))), most }
})
