/**
 * The shared files of one directory: plain files with safe names. Nothing else is served, whatever name is asked for.
 * (docs/wire/pyrate.md, section 5.)
 */
import { Effect, FileSystem, Option, Path, Ref, type Scope, Stream, SubscriptionRef } from "effect"
import * as FileName from "../../codec/FileName.ts"
import type { Offered } from "../../exchange/Download.ts"
import { FileChanged, FileTrouble, NoSuchFile } from "../../PyrateError.ts"
import type { LeftOut } from "../../PyrateEvent.ts"
import type { PeerContext } from "../PeerContext.ts"
import * as Directory from "./Directory.ts"

/** Shared files. */
export interface SharedFiles {
  /** The directory, with all links resolved. */
  readonly directory: string
  /** Their names, in alphabetical order. */
  readonly names: SubscriptionRef.SubscriptionRef<ReadonlyArray<FileName.FileName>>
  /** True when there was a file of that name at the last look, or one whose name is the same in normal form. */
  readonly has: (name: FileName.FileName) => Effect.Effect<boolean>
  /** What of the directory was not shared at the last look, and why. */
  readonly leftOut: Effect.Effect<ReadonlyArray<LeftOut>>
  /** Why the directory could not be read at the last look. */
  readonly trouble: Effect.Effect<FileTrouble | undefined>
  /**
   * Looks at the directory again. Succeeds with whether anything changed. Fails where the directory is gone or may not be
   * read: nothing is shared then, until a later look finds it.
   */
  readonly rescan: Effect.Effect<boolean, FileTrouble>
  /**
   * Opens a file for the scope's life: that of exactly this name, or else one whose name is the same in normal form.
   * Fails with `FileTrouble` where it may not be read. Its bytes fail at their end where it was written to meanwhile, as
   * they may be of no version of it.
   */
  readonly open: (name: string) => Effect.Effect<Offered, NoSuchFile | FileTrouble, Scope.Scope>
}

const pieceSize = 262_144

/** Looks at a directory. Fails where there is none. */
export const make = Effect.fnUntraced(function*(
  directory: string
): Effect.fn.Return<SharedFiles, FileTrouble, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const root = yield* Effect.mapError(fs.realPath(directory), FileTrouble.at(directory))
  const names = yield* SubscriptionRef.make<ReadonlyArray<FileName.FileName>>([])
  const latest = yield* Ref.make(Directory.unseen)
  const services = yield* Effect.context<FileSystem.FileSystem | Path.Path>()

  const rescan = Effect.gen(function*() {
    const look = yield* Effect.catch(
      Directory.look(root, yield* Ref.get(latest)),
      (trouble) => Effect.succeed(Directory.failed(trouble))
    )
    const before = yield* Ref.getAndSet(latest, look)
    const changed = look.shared.length !== before.shared.length || look.shared.some((name) => !before.has.has(name))
    if (changed) yield* SubscriptionRef.set(names, look.shared)
    return look.trouble === undefined ? changed : yield* look.trouble
  }).pipe(Effect.provideContext(services))

  yield* rescan
  return {
    directory: root,
    names,
    has: (name) => Effect.map(Ref.get(latest), ({ has, normal }) => has.has(name) || normal.has(name.normalize())),
    leftOut: Effect.map(Ref.get(latest), ({ leftOut }) => Array.from(leftOut, ([name, reason]) => ({ name, reason }))),
    trouble: Effect.map(Ref.get(latest), ({ trouble }) => trouble),
    rescan,
    open: (name) =>
      Effect.flatMap(Ref.get(latest), (look) => openFirst(root, name, Directory.spellings(look, name))).pipe(
        // It is looked at again whether it may be read.
        Effect.tapErrorTag("FileTrouble", () => Ref.update(latest, (look) => Directory.without(look, name))),
        Effect.provideContext(services)
      )
  }
})

/** A plain file in the directory itself; `undefined` for anything else, such as a link. */
const entry = Effect.fnUntraced(function*(root: string, name: string) {
  const fs = yield* FileSystem.FileSystem
  const place = (yield* Path.Path).join(root, name)
  if (!FileName.is(name) || (yield* fs.realPath(place)) !== place) return undefined
  const { dev, ino, type } = yield* fs.lstat(place)
  return type === "File" ? { place, dev, ino: Option.getOrUndefined(ino) } : undefined
}, Effect.orElseSucceed(() => undefined))

/** Opens the first of the files that is there. */
const openFirst = Effect.fnUntraced(function*(root: string, name: string, spellings: Iterable<string>) {
  const fs = yield* FileSystem.FileSystem
  for (const spelling of spellings) {
    const found = yield* entry(root, spelling)
    if (found === undefined) continue
    const file = yield* fs.open(found.place).pipe(
      Effect.catchReason("PlatformError", "NotFound", () => Effect.undefined),
      Effect.mapError(FileTrouble.at(found.place))
    )
    if (file === undefined) continue
    const info = yield* Effect.mapError(file.stat, FileTrouble.at(found.place))
    // A link may have been put in its place between the look and the opening.
    const isSame = info.type === "File" && info.dev === found.dev && Option.getOrUndefined(info.ino) === found.ino
    if (isSame) return offered(file, info, { name, place: found.place })
  }
  return yield* new NoSuchFile({ name })
})

/** A file as it was when it was opened. */
const offered = (
  file: FileSystem.File,
  info: FileSystem.File.Info,
  { name, place }: { readonly name: string; readonly place: string }
): Offered => {
  const size = Number(info.size)
  const judge = Effect.flatMap(
    Effect.mapError(file.stat, FileTrouble.at(place)),
    (now) => version(now) === version(info) ? Effect.void : Effect.fail(new FileChanged({ name }))
  )
  const bytes = Stream.mapError(contents(file, size), FileTrouble.at(place))
  return { size, bytes: Stream.concat(bytes, Stream.fromEffectDrain(judge)) }
}

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

/** Looks at the directory again, and announces what has changed: that it is gone, or back, once. */
export const refresh = Effect.fnUntraced(function*(shared: SharedFiles, { events }: PeerContext) {
  const before = new Map(Array.from(yield* shared.leftOut, ({ name, reason }) => [name, reason]))
  const [trouble, files] = [yield* shared.trouble, yield* SubscriptionRef.get(shared.names)]
  const looked = yield* Effect.result(shared.rescan)
  const [troubleNow, filesNow] = [yield* shared.trouble, yield* SubscriptionRef.get(shared.names)]
  if (troubleNow !== undefined && troubleNow.problem !== trouble?.problem) {
    yield* events.publish([{ _tag: "DirectoryLost", directory: troubleNow.path, problem: troubleNow.problem }])
  }
  const isNews = trouble !== undefined || filesNow !== files
  if (troubleNow === undefined && isNews) yield* events.publish([{ _tag: "Shared", files: filesNow }])
  const news = (yield* shared.leftOut).filter(({ name, reason }) => before.get(name) !== reason)
  if (news.length > 0) yield* events.publish(news.map((entry) => ({ _tag: "LeftOut", ...entry })))
  yield* Effect.fromResult(looked)
})

/** Never ends: looks at the directory at intervals. An event says when it is gone. */
export const watch = (files: SharedFiles, context: PeerContext): Effect.Effect<never> =>
  Effect.forever(Effect.andThen(Effect.sleep(context.config.rescan), Effect.ignore(refresh(files, context))))
