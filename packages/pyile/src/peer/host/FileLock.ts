/**
 * Holds a file for one process: `bans.json.lock` beside it carries the mark of the process that uses it. The lock of a
 * process that has ended is taken over.
 */
import { Owner } from "@peerage/wire"
import { Effect, FileSystem, type PlatformError, type Scope } from "effect"

/** The lock of a file. */
export const lockOf = (path: string): string => `${path}.lock`

/** Takes the lock for the scope's life. False where another has it. */
export const take = Effect.fnUntraced(function*(
  path: string
): Effect.fn.Return<boolean, PlatformError.PlatformError, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const lock = lockOf(path)
  const mark = yield* Owner.mark
  const remove = Effect.ignore(fs.remove(lock))
  const create = Effect.acquireRelease(
    fs.writeFileString(lock, mark, { flag: "wx", mode: 0o600 }).pipe(
      // A full disk takes the name, and nothing of the mark: a lock that nobody has would stay.
      Effect.tapError(({ reason }) => reason._tag === "AlreadyExists" ? Effect.void : remove)
    ),
    () => remove
  )
  const created = Effect.as(create, true).pipe(
    Effect.catchReason("PlatformError", "AlreadyExists", () => Effect.succeed(false))
  )
  if (yield* created) return true
  const owner = yield* Effect.orElseSucceed(fs.readFileString(lock), () => "")
  if (!(yield* Owner.hasEnded(owner))) return false
  // Whoever moves it away takes it over. What another took over meanwhile is put back.
  const stale = `${lock}.${mark}`
  yield* Effect.ignore(fs.rename(lock, stale))
  const moved = yield* Effect.orElseSucceed(fs.readFileString(stale), () => owner)
  if (moved !== owner) yield* Effect.ignore(fs.link(stale, lock))
  yield* Effect.ignore(fs.remove(stale))
  return moved === owner && (yield* created)
})
