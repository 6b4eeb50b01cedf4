/**
 * The process that something on a disk belongs to, so that what a dead process left can be told from what a live one
 * uses. Known where the system shows its processes as files, as Linux does; elsewhere no process is taken for dead.
 *
 *     web1_4026531836_4711_1414064      machine, its table of processes, process, when that began
 */
import { Effect, FileSystem, Result } from "effect"

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

/** Whether the process with this mark has ended. False where that cannot be known, as for one of another machine. */
export const hasEnded = Effect.fnUntraced(function*(mark: string) {
  const fs = yield* FileSystem.FileSystem
  const [, home, pid, began] = /^(\w+)_(\d+)_(\d+)$/.exec(mark) ?? []
  if (home === undefined || home !== (yield* place)) return false
  const found = yield* Effect.result(fs.readFileString(`${table}/${pid}/stat`))
  if (Result.isSuccess(found)) {
    const { began: now, runs } = stat(found.success)
    return !runs || now !== began
  }
  // Some systems show nobody the processes of others: there the first one is missing too.
  return found.failure.reason._tag === "NotFound" && (yield* fs.exists(`${table}/1`))
}, Effect.orElseSucceed(() => false))
