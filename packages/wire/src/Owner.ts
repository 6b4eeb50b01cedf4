/**
 * The process that something on a disk belongs to, so that what a dead process left can be told from what a live one
 * uses. Known where the system shows its processes as files, as Linux does, for processes of this machine or container.
 * Of others only what they write tells: `isSilent`.
 *
 *     web1_4026531836_4711_1414064      machine, its table of processes, process, when that began
 */
import { Duration, Effect, FileSystem, type PlatformError, Result } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"

const table = "/proc"

/** What the system says about a process: its number, whether it still runs, and when it began. */
const stat = (text: string) => {
  // The name of the program, in parentheses, may have anything in it.
  const [pid = "", after = ""] = [text.slice(0, text.indexOf(" ")), text.slice(text.lastIndexOf(")") + 2)]
  const fields = after.split(" ")
  return { pid, runs: !/^[ZX]/.test(after), began: fields[19] ?? "" }
}

const word = (text: string) => text.replace(/\W/g, "")

/** The machine and its table of processes: containers have tables of their own. */
const place = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const machine = yield* fs.readFileString(`${table}/sys/kernel/hostname`)
  return `${word(machine)}_${(yield* fs.readLink(`${table}/self/ns/pid`)).replace(/\D/g, "")}`
})

/** The mark of this process: letters, digits and underscores. `unknown` where the system does not show it. */
export const mark: Effect.Effect<string, never, FileSystem.FileSystem> = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const { began, pid } = stat(yield* fs.readFileString(`${table}/self/stat`))
  return `${yield* place}_${pid}_${began}`
}).pipe(Effect.orElseSucceed(() => "unknown"))

/** What is known about a process: nothing of one of another machine. */
export type Judgement = "Runs" | "Ended" | "Unknown"

const unknown = (): Judgement => "Unknown"

/** Whether the process with this mark runs, suspended or not, or has ended. */
export const judge = Effect.fnUntraced(function*(mark: string): Effect.fn.Return<
  Judgement,
  PlatformError.PlatformError,
  FileSystem.FileSystem
> {
  const fs = yield* FileSystem.FileSystem
  const [, home, pid, began] = /^(\w+)_(\d+)_(\d+)$/.exec(mark) ?? []
  if (home === undefined || home !== (yield* place)) return "Unknown"
  const found = yield* Effect.result(fs.readFileString(`${table}/${pid}/stat`))
  if (Result.isSuccess(found)) {
    const { began: now, runs } = stat(found.success)
    return runs && now === began ? "Runs" : "Ended"
  }
  // Some systems show nobody the processes of others: there the first one is missing too.
  return found.failure.reason._tag === "NotFound" && (yield* fs.exists(`${table}/1`)) ? "Ended" : "Unknown"
}, Effect.orElseSucceed(unknown))

/** Whether the process with this mark has ended. False where that cannot be known. */
export const hasEnded = (mark: string): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  Effect.map(judge(mark), (judgement) => judgement === "Ended")

/**
 * Whether nothing was written for longer than this to any of some files and folders of one disk, by the clock of that disk.
 * False where the first of them is gone, or the folder that it is in takes no file.
 */
export const isSilent = (
  [first, ...others]: NonEmptyReadonlyArray<string>,
  time: Duration.Input
): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  Effect.scoped(Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const latest = yield* Effect.forEach(others, (path) => Effect.orElseSucceed(writtenAt(path), () => 0))
    const written = Math.max(yield* writtenAt(first), ...latest)
    const directory = first.replace(/[^\\/]+$/, "")
    const now = yield* writtenAt(yield* fs.makeTempFileScoped({ directory, prefix: ".now-" }))
    return now - written > Duration.toMillis(Duration.fromInputUnsafe(time))
  })).pipe(Effect.orElseSucceed(() => false))

const writtenAt = Effect.fnUntraced(function*(path: string) {
  const { mtime } = yield* (yield* FileSystem.FileSystem).stat(path)
  return (yield* Effect.fromOption(mtime)).getTime()
})
