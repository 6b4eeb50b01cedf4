/**
 * Putting a fetched file into a directory: written beside, then renamed, so that there is the whole file or none. A file
 * that is there already stays, unless somebody asked to replace it.
 */
import { Effect, FileSystem, Path, Result, type Scope, Stream } from "effect"
import type { FileName } from "../codec/FileName.ts"
import type { Transfer } from "../exchange/Download.ts"
import { AlreadyThere, type DownloadError, FileTooLarge, type FileTrouble } from "../PyrateError.ts"
import * as GatheredWriter from "./GatheredWriter.ts"
import * as Trouble from "./Trouble.ts"

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

/** Fails when there is a file of that name that is not to be replaced, or when nothing can be put there at all. */
export const free = Effect.fnUntraced(function*({ directory, name, replace }: Place) {
  const fs = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).join(directory, name)
  yield* Effect.mapError(fs.access(directory, { writable: true }), Trouble.at(directory))
  const there = yield* Effect.mapError(fs.exists(path), Trouble.at(path))
  if (there && !replace) return yield* new AlreadyThere({ path })
  return path
})

/** Saves a file. Succeeds with its path and size; leaves nothing behind otherwise. */
export const save = Effect.fn("Saving.save")(
  function*(
    place: Place,
    { bytes, size }: Transfer
  ): Effect.fn.Return<
    { readonly path: string; readonly bytes: number },
    DownloadError["reason"],
    FileSystem.FileSystem | Path.Path | Scope.Scope
  > {
    const fs = yield* FileSystem.FileSystem
    if (size !== undefined && size > place.maxBytes) return yield* new FileTooLarge({ limit: place.maxBytes })
    const path = yield* free(place)
    const beside = yield* Effect.mapError(
      fs.makeTempDirectoryScoped({ directory: place.directory, prefix: ".pyrate-" }),
      Trouble.at(place.directory)
    )
    const temporary = (yield* Path.Path).join(beside, "file")
    const received = yield* write(temporary, place, bytes)
    yield* place.replace ? Effect.mapError(fs.rename(temporary, path), Trouble.at(path)) : settle(temporary, path)
    return { path, bytes: received }
  },
  Effect.scoped
)

/** Writes a file that is not there yet, and closes it. Succeeds with its size. */
const write = Effect.fnUntraced(function*(
  path: string,
  { maxBytes, progress }: Place,
  bytes: Transfer["bytes"]
): Effect.fn.Return<number, DownloadError["reason"], FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const file = yield* Effect.mapError(fs.open(path, { flag: "wx" }), Trouble.at(path))
  const gathered = yield* GatheredWriter.make(file)
  let received = 0
  yield* Stream.runForEach(bytes, (chunk): Effect.Effect<void, DownloadError["reason"]> => {
    received += chunk.length
    return received > maxBytes
      ? Effect.fail(new FileTooLarge({ limit: maxBytes }))
      : Effect.andThen(Effect.mapError(gathered.write(chunk), Trouble.at(path)), progress(received))
  })
  yield* Effect.mapError(Effect.andThen(gathered.flush, file.sync), Trouble.at(path))
  return received
}, Effect.scoped)

/** Gives a file its name, unless there is one of that name: a link fails where a rename would replace it. */
const settle = Effect.fnUntraced(function*(
  temporary: string,
  path: string
): Effect.fn.Return<void, AlreadyThere | FileTrouble, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const linked = yield* Effect.result(fs.link(temporary, path))
  if (Result.isSuccess(linked)) return
  // Some disks know no links. There the name is taken by an empty file first, which fails as well where there is one.
  if (linked.failure.reason._tag === "AlreadyExists") return yield* new AlreadyThere({ path })
  yield* Effect.scoped(fs.open(path, { flag: "wx" })).pipe(
    Effect.andThen(Effect.tapError(fs.rename(temporary, path), () => Effect.ignore(fs.remove(path)))),
    Effect.uninterruptible,
    Effect.mapError((error) =>
      error.reason._tag === "AlreadyExists" ? new AlreadyThere({ path }) : Trouble.at(path)(error)
    )
  )
})
