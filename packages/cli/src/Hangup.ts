/**
 * Whether a hangup was ignored when the process was started, as `nohup` starts it. Node undoes that before any code runs,
 * so it is found out from what is left: the last word of the shell, and on Linux the processes around this one. Of SIGINT
 * and SIGTERM they tell nothing: an interactive shell ignores SIGTERM, and a program that waits in `system` SIGINT, and
 * neither passes that on.
 */
import { Result } from "effect"
import { readFileSync } from "node:fs"

const read = (path: string): string => Result.getOrElse(Result.try(() => readFileSync(path, "utf8")), () => "")

interface Process {
  readonly parent: string
  readonly session: string
  readonly ignoresHangup: boolean
}

/** A process as the kernel describes it; `undefined` where there is none, or no such kernel. */
const describe = (pid: string, directory: string): Process | undefined => {
  // The name, in brackets, may have anything in it.
  const [, parent, session] = /^.*\) \S (\d+) \d+ (\d+) /s.exec(read(`${directory}/${pid}/stat`)) ?? []
  const [, ignored = "0"] = /^SigIgn:\s*([\da-f]+)$/m.exec(read(`${directory}/${pid}/status`)) ?? []
  // The first bit is the signal 1.
  return parent === undefined || session === undefined
    ? undefined
    : { parent, session, ignoresHangup: BigInt(`0x${ignored}`) % 2n === 1n }
}

/** Whether a process, or one that started it in the same session, ignores hangups, which is inherited but for Node. */
const ignores = (pid: string, directory: string, session?: string): boolean => {
  const found = describe(pid, directory)
  if (found === undefined || (session !== undefined && session !== found.session)) return false
  return found.ignoresHangup || ignores(found.parent, directory, found.session)
}

/** Tells it from the environment and the process's id. `directory` is where the kernel describes processes. */
export const wasIgnored = (
  env: { readonly [name: string]: string | undefined },
  pid: number,
  directory = "/proc"
): boolean =>
  // Shells name the command that they run in this variable, and nohup leaves it as it is.
  /(^|\/)nohup$/.test(env["_"] ?? "") || ignores(String(pid), directory)
