/**
 * The files of one directory that are shared: plain files with safe names, looked at again now and then. Nothing else
 * can be had, whatever name is asked for. (PYRATE.md, section 5.)
 */
import { Effect, FileSystem, Option, Path, type Scope, Stream, SubscriptionRef } from "effect"
import * as FileName from "../codec/FileName.ts"
import type { Offered } from "../exchange/Download.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import type { FileTrouble } from "../PyrateError.ts"
import type { Events } from "./Events.ts"
import * as Trouble from "./Trouble.ts"

/** Shared files. */
export interface SharedFiles {
  /** The directory, with all links resolved. */
  readonly directory: string
  /** Their names, in alphabetical order. */
  readonly names: SubscriptionRef.SubscriptionRef<ReadonlyArray<FileName.FileName>>
  /** True when there was a file of that name at the last look. */
  readonly has: (name: FileName.FileName) => boolean
  /** Looks again. Succeeds with whether anything changed. */
  readonly rescan: Effect.Effect<boolean, FileTrouble>
  /** Opens a file, if it is there and may be shared, for the scope's life. */
  readonly open: (name: string) => Effect.Effect<Offered | undefined, never, Scope.Scope>
}

const pieceSize = 262_144

/** Looks at a directory. Fails when it is none. */
export const make = Effect.fnUntraced(function*(
  directory: string
): Effect.fn.Return<SharedFiles, FileTrouble, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = yield* Effect.mapError(fs.realPath(directory), Trouble.at(directory))
  const names = yield* SubscriptionRef.make<ReadonlyArray<FileName.FileName>>([])
  let known: ReadonlySet<string> = new Set()

  /** A plain file in the directory itself; `undefined` of anything else, a link among it. */
  const entry = Effect.fnUntraced(function*(name: FileName.FileName) {
    const place = path.join(root, name)
    if ((yield* fs.realPath(place)) !== place) return undefined
    const { dev, ino, type } = yield* fs.lstat(place)
    return type === "File" ? { place, dev, ino: Option.getOrUndefined(ino) } : undefined
  }, Effect.orElseSucceed(() => undefined))

  const rescan = Effect.gen(function*() {
    const entries = yield* Effect.mapError(fs.readDirectory(root), Trouble.at(root))
    const shared = yield* Effect.filter(
      entries.filter(FileName.is),
      (name) => Effect.map(entry(name), (found) => found !== undefined),
      { concurrency: 8 }
    )
    shared.sort()
    const changed = shared.length !== known.size || shared.some((name) => !known.has(name))
    known = new Set(shared)
    if (changed) yield* SubscriptionRef.set(names, shared)
    return changed
  })

  yield* rescan
  return {
    directory: root,
    names,
    has: (name) => known.has(name),
    rescan,
    open: Effect.fnUntraced(function*(name) {
      const found = FileName.is(name) ? yield* entry(name) : undefined
      if (found === undefined) return undefined
      const file = yield* fs.open(found.place)
      const { dev, ino, size, type } = yield* file.stat
      // What was opened must be what was looked at: a link may have been put in its place in between.
      if (type !== "File" || dev !== found.dev || Option.getOrUndefined(ino) !== found.ino) return undefined
      return { size: Number(size), bytes: Stream.mapError(contents(file, Number(size)), Trouble.at(found.place)) }
    }, Effect.orElseSucceed(() => undefined))
  }
})

/**
 * The first `size` bytes of a file, or fewer when it has shrunk.
 *
 * Two buffers take turns, since memory for each piece costs more than reading it: a piece stays as it is until the next
 * but one is asked for. Whoever sends it waits after each piece, and no transport keeps more than a piece unsent then.
 */
const contents = (file: FileSystem.File, size: number) =>
  Stream.suspend(() => {
    const fresh = () => new Uint8Array(Math.min(pieceSize, size))
    const read = Effect.fnUntraced(function*({ left, next, other }: ReadTurn) {
      const length = left === 0 ? 0 : Number(yield* file.read(next.subarray(0, left)))
      if (length === 0) return undefined
      // A short piece goes without waiting, so that it may be unsent for longer.
      const again = length === next.length ? next : fresh()
      return [next.subarray(0, length), { left: left - length, next: other, other: again }] as const
    })
    return Stream.unfold({ left: size, next: fresh(), other: fresh() }, read)
  })

/** How much is left to read, and into what. */
interface ReadTurn {
  readonly left: number
  readonly next: Uint8Array
  readonly other: Uint8Array
}

/** Never ends: looks again now and then, and tells what has changed. */
export const watch = (
  { names, rescan }: SharedFiles,
  { rescan: every }: PyrateConfig,
  events: Events
): Effect.Effect<never> => {
  const look = Effect.gen(function*() {
    if (yield* rescan) yield* events.publish([{ _tag: "Shared", files: yield* SubscriptionRef.get(names) }])
  })
  const patient = Effect.catch(look, (error) => Effect.logWarning(error.message))
  return Effect.forever(Effect.andThen(Effect.sleep(every), patient))
}
