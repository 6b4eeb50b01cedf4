/**
 * Holds a file for one process: `bans.json.lock` beside it carries the mark of the process that uses it, and a token. The
 * lock of a process that has ended is taken over. Where nobody can tell, as for one of another machine or container, or on
 * a system that does not show its processes as files, a lock that was not renewed for a while is.
 *
 *     web1_4026531836_4711_1414064 9f31c06d        the mark, the token
 */
import { Owner } from "@peerage/wire"
import { Duration, Effect, FileSystem, type PlatformError, Random, type Scope } from "effect"

/** The lock of a file. */
export const lockOf = (path: string): string => `${path}.lock`

/** A lock that was taken. */
export interface Lock {
  /** False when another has taken it over, as after this process was suspended for longer than `patience`. */
  readonly isMine: Effect.Effect<boolean, never, FileSystem.FileSystem>
}

/** How often a lock is renewed, and how long one that is not is believed. */
const renewal = "1 minute"
const patience = Duration.minutes(5)

/** Takes the lock for the scope's life. `undefined` where another has it. */
export const take = Effect.fnUntraced(function*(
  path: string
): Effect.fn.Return<Lock | undefined, PlatformError.PlatformError, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const lock = lockOf(path)
  const token = (yield* Random.nextIntBetween(0, 2 ** 48)).toString(36)
  const content = `${yield* Owner.mark} ${token}`
  const read = Effect.orElseSucceed(fs.readFileString(lock), () => "")
  const isMine = Effect.map(read, (now) => now === content)
  const remove = Effect.ignore(fs.remove(lock))
  const create = Effect.acquireRelease(
    fs.writeFileString(lock, content, { flag: "wx", mode: 0o600 }).pipe(
      // A full disk takes the name, and nothing of the mark: a lock that nobody has would stay.
      Effect.tapError(({ reason }) => reason._tag === "AlreadyExists" ? Effect.void : remove)
    ),
    () => Effect.flatMap(isMine, (mine) => mine ? remove : Effect.void)
  )
  const created = Effect.as(create, true).pipe(
    Effect.catchReason("PlatformError", "AlreadyExists", () => Effect.succeed(false))
  )
  if (!(yield* created)) {
    const owner = yield* read
    if (!(yield* isLeft(lock, owner))) return undefined
    // Whoever moves it away takes it over. What another took over meanwhile is put back.
    const stale = `${lock}.${token}`
    yield* Effect.ignore(fs.rename(lock, stale))
    const moved = yield* Effect.orElseSucceed(fs.readFileString(stale), () => owner)
    if (moved !== owner) yield* Effect.ignore(fs.link(stale, lock))
    yield* Effect.ignore(fs.remove(stale))
    if (moved !== owner || !(yield* created)) return undefined
  }
  // Written again as it is: the disk notes when.
  const renew = Effect.ignore(fs.writeFileString(lock, content, { flag: "r+" }))
  yield* Effect.forkScoped(
    Effect.forever(
      Effect.andThen(Effect.sleep(renewal), Effect.flatMap(isMine, (mine) => mine ? renew : Effect.void))
    )
  )
  return { isMine }
})

/** Whether nobody has this lock any more. */
const isLeft = Effect.fnUntraced(function*(lock: string, owner: string) {
  const judged = yield* Owner.judge(owner.split(" ")[0] ?? "")
  return judged === "Ended" || (judged === "Unknown" && (yield* Owner.isSilent([lock], patience)))
})
