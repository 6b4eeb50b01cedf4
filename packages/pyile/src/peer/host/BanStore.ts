/**
 * Where bans outlive the process. Without a store they live as long as the host; `layerFile` keeps them in a file, which
 * one host uses at a time. A change is appended; now and then the file is written anew beside, and renamed. One that
 * cannot be read is an error at start and stays as it is.
 */
import { SystemProblem } from "@peerage/wire"
import { Context, Effect, FileSystem, Layer, PlatformError, Ref, Result, Scope, Semaphore } from "effect"
import { BanStoreError } from "../../PyileError.ts"
import * as BanFile from "./BanFile.ts"
import * as FileLock from "./FileLock.ts"

export { Ban } from "./BanFile.ts"

/** Loads bans at start and saves them all at each change. In memory only, unless a layer says otherwise. */
export const BanStore = Context.Reference<{
  readonly load: Effect.Effect<ReadonlyArray<BanFile.Ban>, BanStoreError>
  readonly save: (bans: ReadonlyArray<BanFile.Ban>) => Effect.Effect<void, BanStoreError>
}>("@peerage/pyile/BanStore", {
  defaultValue: () => ({ load: Effect.succeed([]), save: () => Effect.void })
})

/** What the file holds, as far as this host knows. */
interface Kept {
  readonly bans: ReadonlySet<BanFile.Ban>
  readonly lines: number
  /** Whether lines can be appended. Otherwise the next change writes all of it anew. */
  readonly isOpen: boolean
  /** What keeps others from using it. */
  readonly lock: FileLock.Lock | undefined
}

const nothing: Kept = { bans: new Set(), lines: 0, isOpen: false, lock: undefined }
// Lines beyond those of the bans before all is written anew. Fewer: a smaller file; more often a whole one is written.
const slack = 1000

/** The file behind a path, with links followed; one that is not there yet is created later. Anything else is refused. */
const fileAt = Effect.fnUntraced(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const entry = yield* Effect.result(fs.lstat(path))
  if (Result.isFailure(entry) && entry.failure.reason._tag === "NotFound") return { file: path, isThere: false }
  const file = yield* fs.realPath(path)
  const { type } = yield* fs.stat(file)
  return type === "File" ? { file, isThere: true } : yield* noFile(path, type)
})

const noFile = (path: string, type: FileSystem.File.Type) =>
  Effect.fail(PlatformError.systemError({
    _tag: "BadResource",
    module: "FileSystem",
    method: "lstat",
    pathOrDescriptor: path,
    cause: { code: type === "Directory" ? "EISDIR" : "special" }
  }))

/** Keeps bans in a file, which need not exist yet; its folder must. */
export const layerFile = (path: string): Layer.Layer<never, never, FileSystem.FileSystem> =>
  Layer.effect(
    BanStore,
    Effect.gen(function*() {
      const services = yield* Effect.context<FileSystem.FileSystem | Scope.Scope>()
      const oneAtATime = yield* Semaphore.make(1)
      const kept = yield* Ref.make(nothing)
      return {
        load: Effect.provideContext(load(path, kept), services),
        save: (bans) => Effect.provideContext(oneAtATime.withPermit(save(path, kept, bans)), services)
      }
    })
  )

const failed = (action: "read" | "write", path: string) => (error: PlatformError.PlatformError) =>
  new BanStoreError({ action, path, problem: SystemProblem.of(error) })

const locked = (path: string, file: string) =>
  Effect.fail(new BanStoreError({ action: "lock", path, problem: FileLock.lockOf(file) }))

const load = Effect.fnUntraced(function*(path: string, kept: Ref.Ref<Kept>) {
  const fs = yield* FileSystem.FileSystem
  const unreadable = failed("read", path)
  const { file, isThere } = yield* Effect.mapError(fileAt(path), unreadable)
  const lock = yield* Effect.mapError(FileLock.take(file), unreadable)
  if (lock === undefined) return yield* locked(path, file)
  yield* Ref.update(kept, (before) => ({ ...before, lock }))
  // What a host left that was killed.
  yield* Effect.ignore(fs.remove(besideOf(file)))
  if (!isThere) return []
  const text = yield* Effect.mapError(fs.readFileString(file), unreadable)
  const found = BanFile.read(text)
  if (Result.isFailure(found)) {
    return yield* new BanStoreError({ action: "read", path, problem: "it is not a list of bans" })
  }
  yield* Ref.set(kept, { ...found.success, lock })
  return [...found.success.bans]
})

const save = (path: string, kept: Ref.Ref<Kept>, list: ReadonlyArray<BanFile.Ban>) =>
  Effect.gen(function*() {
    const before = yield* Ref.get(kept)
    const bans = new Set(list)
    const { file, isThere } = yield* fileAt(path)
    if (before.lock !== undefined && !(yield* before.lock.isMine)) return yield* locked(path, file)
    const news = BanFile.changes(before.bans, bans)
    if (isThere && before.isOpen && before.lines + news.length <= 2 * bans.size + slack) {
      yield* append(file, news)
      return yield* Ref.set(kept, { ...before, bans, lines: before.lines + news.length, isOpen: true })
    }
    yield* rewrite(file, BanFile.all(list))
    yield* Ref.set(kept, { ...before, bans, lines: list.length, isOpen: true })
  }).pipe(
    // What was appended may be a part of a line.
    Effect.onError(() => Ref.update(kept, (before) => ({ ...before, isOpen: false }))),
    Effect.mapError((error) => error._tag === "BanStoreError" ? error : failed("write", path)(error))
  )

const append = Effect.fnUntraced(function*(file: string, lines: ReadonlyArray<string>) {
  const fs = yield* FileSystem.FileSystem
  if (lines.length > 0) yield* fs.writeFileString(file, lines.join(""), { flag: "a", mode: 0o600 })
})

const besideOf = (file: string) => `${file}.tmp`

const rewrite = Effect.fnUntraced(function*(file: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const beside = besideOf(file)
  yield* Effect.ignore(fs.remove(beside))
  yield* fs.writeFileString(beside, text, { flag: "wx", mode: 0o600 }).pipe(
    Effect.andThen(fs.rename(beside, file)),
    Effect.onError(() => Effect.ignore(fs.remove(beside)))
  )
})
