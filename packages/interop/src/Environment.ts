/**
 * A Python environment of the workspace's own, in a folder that git ignores, with the originals in it as they are
 * published. Made once, and anew with another Python or other requirements. What pip says is not shown.
 */
import { Result, Schema } from "effect"
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const home = join(import.meta.dirname, "..")

/** Where programs in Python live that drive the originals. */
export const programs = join(home, "python")

/** There is no such environment, and why: one sentence. */
export class NoPython extends Schema.TaggedError<NoPython>()("NoPython", { reason: Schema.String }) {
  override get message() {
    return this.reason
  }
}

/** Where to make it, and from what. */
export interface EnvironmentOptions {
  /** The Python to make it with, 3.8 or newer. Default: `INTEROP_PYTHON` from the environment, else python3. */
  readonly command?: string | undefined
  readonly folder?: string | undefined
  /** Environment variables besides the process's own: pip takes its settings from there. */
  readonly variables?: Readonly<Record<string, string>> | undefined
}

const minute = 60_000

/** Runs a command without a word; true when it succeeded. */
type Run = (command: string, args: ReadonlyArray<string>, within: number) => boolean

const runWith = (variables: Readonly<Record<string, string>> = {}): Run => (command, args, timeout) =>
  spawnSync(command, args, { stdio: "ignore", timeout, env: { ...process.env, ...variables } }).status === 0

/** The path of an interpreter that can import the originals. Takes some seconds the first time, 5 minutes at most. */
export const prepare = (options: EnvironmentOptions = {}): Result.Result<string, NoPython> => {
  const { command = process.env["INTEROP_PYTHON"] ?? "python3", folder = join(home, ".python"), variables } = options
  const run = runWith(variables)
  const requirements = join(programs, "requirements.txt")
  const wanted = `# made with ${command}\n${readFileSync(requirements, "utf8")}`
  const stamp = join(folder, "installed.txt")
  const interpreter = join(folder, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]))
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && run(interpreter, ["-c", ""], minute)) {
    return Result.succeed(interpreter)
  }
  const missing = make(run, { command, folder, interpreter, requirements })
  if (missing !== undefined) return Result.fail(new NoPython({ reason: missing }))
  writeFileSync(stamp, wanted)
  return Result.succeed(interpreter)
}

interface Plan {
  readonly command: string
  readonly folder: string
  readonly interpreter: string
  readonly requirements: string
}

/** Makes the environment, or says what is missing for it. */
const make = (run: Run, { command, folder, interpreter, requirements }: Plan): string | undefined => {
  if (!run(command, ["-c", ""], minute)) return `there is no ${command} here.`
  if (!run(command, ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"], minute)) {
    return `${command} is older than Python 3.8.`
  }
  rmSync(folder, { recursive: true, force: true })
  if (!run(command, ["-m", "venv", folder], minute)) {
    return `${command} cannot make a virtual environment (on Debian it needs python3-venv).`
  }
  // Exactly the versions of the file: pyile-protocol names itself as what it needs.
  const install = ["-m", "pip", "install", "--no-deps", "--retries", "1", "--timeout", "15", "-r", requirements]
  return run(interpreter, install, 2 * minute)
    ? undefined
    : "the originals cannot be installed: the package index is not reachable, or does not have them."
}
