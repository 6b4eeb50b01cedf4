/**
 * The shared files of one directory: plain files with safe names. Nothing else is served, whatever name is asked for.
 * (docs/wire/pyrate.md, section 5.)
 */
import { Effect, FileSystem, Option, Path, Ref, type Scope, Stream, SubscriptionRef } from "effect"
import * as FileName from "../../codec/FileName.ts"
import type { Offered } from "../../exchange/Download.ts"
import { FileChanged, FileTrouble } from "../../PyrateError.ts"
import type { PeerContext } from "../PeerContext.ts"

/** Shared files. */
export interface SharedFiles {
  /** The directory, with all links resolved. */
  readonly directory: string
  /** Their names, in alphabetical order. */
  readonly names: SubscriptionRef.SubscriptionRef<ReadonlyArray<FileName.FileName>>
  /** True when there was a file of that name at the last look. */
  readonly has: (name: FileName.FileName) => Effect.Effect<boolean>
  /** Looks at the directory again. Succeeds with whether anything changed. */
  readonly rescan: Effect.Effect<boolean, FileTrouble>
  /**
   * Opens a file for the scope's life; `undefined` where there is none that may be shared. Its bytes fail at their end
   * where it was written to meanwhile, as they may be of no version of it.
   */
  readonly open: (name: string) => Effect.Effect<Offered | undefined, never, Scope.Scope>
}

const pieceSize = 262_144

/** Looks at a directory. Fails where there is none. */
export const make = Effect.fnUntraced(function*(
  directory: string
): Effect.fn.Return<SharedFiles, FileTrouble, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = yield* Effect.mapError(fs.realPath(directory), FileTrouble.at(directory))
  const names = yield* SubscriptionRef.make<ReadonlyArray<FileName.FileName>>([])
  const known = yield* Ref.make<ReadonlySet<string>>(new Set())

  /** A plain file in the directory itself; `undefined` for anything else, such as a link. */
  const entry = Effect.fnUntraced(function*(name: FileName.FileName) {
    const place = path.join(root, name)
    if ((yield* fs.realPath(place)) !== place) return undefined
    const { dev, ino, type } = yield* fs.lstat(place)
    return type === "File" ? { place, dev, ino: Option.getOrUndefined(ino) } : undefined
  }, Effect.orElseSucceed(() => undefined))

  const rescan = Effect.gen(function*() {
    const entries = yield* Effect.mapError(fs.readDirectory(root), FileTrouble.at(root))
    const isShared = (name: FileName.FileName) => Effect.map(entry(name), (found) => found !== undefined)
    const shared = yield* Effect.filter(entries.filter(FileName.is), isShared, { concurrency: 8 })
    shared.sort()
    const before = yield* Ref.getAndSet(known, new Set(shared))
    const changed = shared.length !== before.size || shared.some((name) => !before.has(name))
    if (changed) yield* SubscriptionRef.set(names, shared)
    return changed
  })

  const open = Effect.fnUntraced(function*(name: string) {
    const found = FileName.is(name) ? yield* entry(name) : undefined
    if (found === undefined) return undefined
    const file = yield* fs.open(found.place)
    const info = yield* file.stat
    // A link may have been put in its place between the look and the opening.
    if (info.type !== "File" || info.dev !== found.dev || Option.getOrUndefined(info.ino) !== found.ino) {
      return undefined
    }
    const changed = Effect.map(file.stat, (now) => version(now) !== version(info))
    const judge = Effect.flatMap(
      Effect.mapError(changed, FileTrouble.at(found.place)),
      (changed) => changed ? Effect.fail(new FileChanged({ name })) : Effect.void
    )
    const size = Number(info.size)
    const bytes = Stream.mapError(contents(file, size), FileTrouble.at(found.place))
    return { size, bytes: Stream.concat(bytes, Stream.fromEffectDrain(judge)) }
  }, Effect.orElseSucceed(() => undefined))

  yield* rescan
  const has = (name: FileName.FileName) => Effect.map(Ref.get(known), (names) => names.has(name))
  return { directory: root, names, has, rescan, open }
})

/** Differs where a file was written to: its size, and when it was changed. */
const version = ({ mtime, size }: FileSystem.File.Info) => `${size} ${Option.getOrUndefined(mtime)?.getTime()}`

/**
 * The first `size` bytes of a file, or fewer when it has shrunk.
 *
 * Two buffers take turns, as memory for each piece costs more than reading it: a piece stays as it is until the next
 * but one is pulled. A sender waits after each piece, and then no transport holds more than one piece unsent.
 */
const contents = (file: FileSystem.File, size: number) =>
  Stream.suspend(() => {
    const fresh = () => new Uint8Array(Math.min(pieceSize, size))
    return Stream.unfold(
      { left: size, next: fresh(), other: fresh() },
      Effect.fnUntraced(function*({ left, next, other }) {
        const length = left === 0 ? 0 : Number(yield* file.read(next.subarray(0, left)))
        if (length === 0) return undefined
        // A short piece may fit a transport's buffer, and is unsent for longer then.
        const again = length === next.length ? next : fresh()
        return [next.subarray(0, length), { left: left - length, next: other, other: again }] as const
      })
    )
  })

/** Looks at the directory again, and announces what has changed. */
export const refresh = Effect.fnUntraced(function*({ names, rescan }: SharedFiles, { events }: PeerContext) {
  if (yield* rescan) yield* events.publish([{ _tag: "Shared", files: yield* SubscriptionRef.get(names) }])
})

/** Never ends: looks at the directory at intervals. */
export const watch = (files: SharedFiles, context: PeerContext): Effect.Effect<never> => {
  const look = Effect.catch(refresh(files, context), (error) => Effect.logWarning(error.message))
  return Effect.forever(Effect.andThen(Effect.sleep(context.config.rescan), look))
}
