/**
 * The files of one directory that are shared: plain files with safe names, looked at again now and then. Nothing else
 * can be had, whatever name is asked for. (PYRATE.md, section 5.)
 */
import { Effect, FileSystem, Path, Stream, SubscriptionRef } from "effect"
import type { PlatformError } from "effect/PlatformError"
import * as FileName from "../codec/FileName.ts"
import type { Offered } from "../exchange/Download.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { FileTrouble } from "../PyrateError.ts"
import type { Events } from "./Events.ts"

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
  /** Opens a file, if it is there and may be shared. */
  readonly open: (name: string) => Effect.Effect<Offered | undefined>
}

/** Turns what the system says into what to say of a path. */
export const troubleAt = (path: string) => (error: PlatformError): FileTrouble =>
  new FileTrouble({ path, problem: error.reason._tag })

const chunkSize = 65_536

/** Looks at a directory. Fails when it is none. */
export const make = Effect.fnUntraced(function*(
  directory: string
): Effect.fn.Return<SharedFiles, FileTrouble, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = yield* Effect.mapError(fs.realPath(directory), troubleAt(directory))
  const names = yield* SubscriptionRef.make<ReadonlyArray<FileName.FileName>>([])
  let known: ReadonlySet<string> = new Set()

  /** The size of a plain file in the directory itself; `undefined` of anything else, a link among it. */
  const sizeOf = Effect.fnUntraced(function*(name: FileName.FileName) {
    const place = path.join(root, name)
    if ((yield* fs.realPath(place)) !== place) return undefined
    const { size, type } = yield* fs.stat(place)
    return type === "File" ? Number(size) : undefined
  }, Effect.orElseSucceed(() => undefined))

  const rescan = Effect.gen(function*() {
    const entries = yield* Effect.mapError(fs.readDirectory(root), troubleAt(root))
    const shared = yield* Effect.filter(
      entries.filter(FileName.is),
      (name) => Effect.map(sizeOf(name), (size) => size !== undefined),
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
      if (!FileName.is(name)) return undefined
      const size = yield* sizeOf(name)
      if (size === undefined) return undefined
      const place = path.join(root, name)
      return { size, bytes: Stream.mapError(fs.stream(place, { chunkSize, bytesToRead: size }), troubleAt(place)) }
    })
  }
})

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
