/**
 * Putting a fetched file into a directory: written beside, then renamed, so that there is the whole file or none. A file
 * that is there already stays, unless somebody asked to replace it.
 */
import { Effect, FileSystem, Path, type Scope, Stream } from "effect"
import type { FileName } from "../codec/FileName.ts"
import type { Transfer } from "../exchange/Download.ts"
import { AlreadyThere, type DownloadError, FileTooLarge } from "../PyrateError.ts"
import { troubleAt } from "./SharedFiles.ts"

/** Where and how to save. */
export interface Place {
  readonly directory: string
  readonly name: FileName
  /** Whether a file of that name is replaced. */
  readonly replace: boolean
  /** Bytes taken at most. */
  readonly maxBytes: number
  /** Told now and then how many bytes there are. */
  readonly progress: (bytes: number) => Effect.Effect<void>
}

/** Fails when there is a file of that name that is not to be replaced. */
export const free = Effect.fnUntraced(function*({ directory, name, replace }: Place) {
  const fs = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).join(directory, name)
  const there = yield* Effect.mapError(fs.exists(path), troubleAt(path))
  if (there && !replace) return yield* new AlreadyThere({ path })
  return path
})

/** Saves a file. Succeeds with its path and size; leaves nothing behind otherwise. */
export const save = Effect.fn("Saving.save")(function*(
  place: Place,
  { bytes }: Transfer
): Effect.fn.Return<
  { readonly path: string; readonly bytes: number },
  DownloadError["reason"],
  FileSystem.FileSystem | Path.Path | Scope.Scope
> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* free(place)
  const beside = yield* Effect.mapError(
    fs.makeTempDirectoryScoped({ directory: place.directory, prefix: ".pyrate-" }),
    troubleAt(place.directory)
  )
  const temporary = (yield* Path.Path).join(beside, "file")
  const file = yield* Effect.mapError(fs.open(temporary, { flag: "wx" }), troubleAt(temporary))
  let received = 0
  yield* Stream.runForEach(bytes, (chunk): Effect.Effect<void, DownloadError["reason"]> => {
    received += chunk.length
    return received > place.maxBytes
      ? Effect.fail(new FileTooLarge({ limit: place.maxBytes }))
      : Effect.andThen(Effect.mapError(file.writeAll(chunk), troubleAt(temporary)), place.progress(received))
  })
  yield* Effect.mapError(file.sync, troubleAt(temporary))
  // A link fails where a rename would replace what came there in the meantime.
  const settled = place.replace ? fs.rename(temporary, path) : fs.link(temporary, path)
  yield* Effect.mapError(
    settled,
    (error) => error.reason._tag === "AlreadyExists" ? new AlreadyThere({ path }) : troubleAt(path)(error)
  )
  return { path, bytes: received }
})
