/**
 * Puts a fetched file into a directory: written beside, then renamed, so that there is the whole file or none. A file
 * that is there already stays, unless it is to be replaced.
 */
import { Bytes, Effect, FileSystem, Path, Result, Stream } from "effect"
import type { FileName } from "../../codec/FileName.ts"
import type { Transfer } from "../../exchange/Transfer.ts"
import { AlreadyThere, FileTooLarge, FileTrouble } from "../../PyrateError.ts"
import * as Leftovers from "./Leftovers.ts"

/** Where and how to save. */
export interface Destination {
  readonly directory: string
  readonly name: FileName
  /** Whether a file of that name is replaced. */
  readonly replace: boolean
  /** The most bytes accepted. */
  readonly maxBytes: number
  /** Called after each chunk with the bytes so far. */
  readonly progress: (bytes: number) => Effect.Effect<void>
}

/** Where to save. */
export type Target = Pick<Destination, "directory" | "name" | "replace">

/** Fails when there is a file of that name that is not to be replaced, or when nothing can be put there at all. */
export const free = Effect.fnUntraced(function*({ directory, name, replace }: Target) {
  const fs = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).join(directory, name)
  yield* Effect.mapError(fs.access(directory, { writable: true }), FileTrouble.at(directory))
  const there = yield* Effect.mapError(fs.exists(path), FileTrouble.at(path))
  if (there && !replace) return yield* new AlreadyThere({ path })
  return path
})

/** Saves a file. Succeeds with its path and size; leaves nothing behind otherwise. */
export const save = Effect.fn("Saving.save")(function*(destination: Destination, { bytes, size }: Transfer) {
  const fs = yield* FileSystem.FileSystem
  const { directory, maxBytes, replace } = destination
  if (size !== undefined && size > maxBytes) return yield* new FileTooLarge({ limit: maxBytes })
  const path = yield* free(destination)
  const beside = yield* Effect.mapError(Leftovers.folder(directory), FileTrouble.at(directory))
  const temporary = (yield* Path.Path).join(beside, "file")
  const received = yield* write(temporary, { ...destination, path }, bytes)
  yield* replace ? Effect.mapError(fs.rename(temporary, path), FileTrouble.at(path)) : settle(temporary, path)
  return { path, bytes: received }
}, Effect.scoped)

/** Writes a file that is not there yet, and closes it. Succeeds with its size. Failures name its later path. */
const write = Effect.fnUntraced(function*(
  temporary: string,
  { path, ...destination }: Destination & { readonly path: string },
  bytes: Transfer["bytes"]
) {
  const fs = yield* FileSystem.FileSystem
  const file = yield* Effect.mapError(fs.open(temporary, { flag: "wx" }), FileTrouble.at(path))
  const received = yield* checked(bytes, destination).pipe(
    Stream.mapAccum(() => nothing, gather, { onHalt: join }),
    // One piece is written while the next is gathered.
    Stream.buffer({ capacity: 1 }),
    Stream.runFoldEffect(() => 0, (written, piece) =>
      // What the system has begun to write it writes, also to another file if this one was closed: waited for.
      file.writeAll(piece).pipe(
        Effect.uninterruptible,
        Effect.mapError(FileTrouble.at(path)),
        Effect.as(written + piece.length)
      ))
  )
  yield* Effect.mapError(file.sync, FileTrouble.at(path))
  return received
}, Effect.scoped)

/** Reports progress, and fails beyond the limit. */
const checked = (bytes: Transfer["bytes"], { maxBytes, progress }: Destination): Transfer["bytes"] =>
  Stream.mapAccumEffect(bytes, () => 0, (before, chunk) => {
    const received = before + chunk.length
    return received > maxBytes
      ? Effect.fail(new FileTooLarge({ limit: maxBytes }))
      : Effect.as(progress(received), [received, [chunk]])
  })

/** Chunks that wait to be written together. */
interface Gathered {
  readonly chunks: ReadonlyArray<Uint8Array>
  readonly size: number
}

const nothing: Gathered = { chunks: [], size: 0 }
// A write for each chunk off a socket, and a wait until it is done, would take twice as long.
const pieceSize = 1_048_576

const gather = ({ chunks, size }: Gathered, chunk: Uint8Array): readonly [Gathered, ReadonlyArray<Uint8Array>] => {
  const more = { chunks: [...chunks, chunk], size: size + chunk.length }
  return more.size < pieceSize ? [more, []] : [nothing, join(more)]
}

const join = ({ chunks, size }: Gathered): ReadonlyArray<Uint8Array> => size === 0 ? [] : [Bytes.concat(chunks)]

/** Gives a file its name, unless there is one of that name: a link fails where a rename would replace it. */
const settle = Effect.fnUntraced(function*(temporary: string, path: string) {
  const fs = yield* FileSystem.FileSystem
  const linked = yield* Effect.result(fs.link(temporary, path))
  if (Result.isSuccess(linked)) return
  if (linked.failure.reason._tag === "AlreadyExists") return yield* new AlreadyThere({ path })
  // Some disks know no links. There an empty file takes the name first, which fails as well where there is one.
  yield* Effect.scoped(fs.open(path, { flag: "wx" })).pipe(
    Effect.andThen(Effect.tapError(fs.rename(temporary, path), () => Effect.ignore(fs.remove(path)))),
    Effect.uninterruptible,
    Effect.mapError((error) =>
      error.reason._tag === "AlreadyExists" ? new AlreadyThere({ path }) : FileTrouble.at(path)(error)
    )
  )
})
