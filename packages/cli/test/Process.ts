/** The entrypoint as a real process, started as a person or a script would start it. */
import { Effect, type Scope } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { makeOutput, type Running, running, starting, type StartOptions } from "./Output.ts"

/** The entrypoint, which node starts from its source here. */
export const entrypoint: string = fileURLToPath(new URL("../bin/peerage.cjs", import.meta.url))

/** The folder of the workspace. */
export const workspace = fileURLToPath(new URL("../../..", import.meta.url))

/** A running process. */
export interface RunningProcess extends Running {
  readonly process: ChildProcess
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
}

/** The environment of a person who has set nothing. */
const environment = (): Record<string, string> => {
  const kept = Object.entries(process.env).filter(([name]) =>
    !/^(PEERAGE|PEERPY|PYILE|PYRATE|P2P_CHAT|npm|VITEST|NO_COLOR|FORCE_COLOR|_$)/.test(name)
  )
  return Object.fromEntries(kept.flatMap(([name, value]) => value === undefined ? [] : [[name, value]]))
}

const observe = (spawned: () => ChildProcess): Effect.Effect<RunningProcess, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(Effect.sync(spawned), (child) => Effect.sync(() => void child.kill("SIGKILL"))),
    (child) => {
      const output = makeOutput()
      child.stdout?.on("data", (chunk: Buffer) => output.add("stdout", chunk.toString()))
      child.stderr?.on("data", (chunk: Buffer) => output.add("stderr", chunk.toString()))
      child.on("close", (status, signal) => output.end(status ?? signal ?? "gone"))
      child.stdin?.on("error", () => {})
      return {
        ...output,
        process: child,
        type: (...lines) => Effect.sync(() => void child.stdin?.write(lines.map((line) => `${line}\n`).join(""))),
        hangUp: Effect.sync(() => void child.stdin?.end()),
        kill: (signal) => Effect.sync(() => void child.kill(signal))
      }
    }
  )

/** Whether processes form a group of their own, as those of a terminal do, so that a signal reaches all of them. */
export interface GroupOptions {
  readonly group?: boolean | undefined
}

/** Starts the command; it is killed when the scope closes, if it has not ended by then. */
export const start = (args: ReadonlyArray<string>, { env }: StartOptions = {}) =>
  observe(() => spawn(process.execPath, [entrypoint, ...args], { env: { ...environment(), ...env } }))

/** Starts a command of npm in the workspace. */
export const byNpm = (
  command: "npm" | "npx",
  args: ReadonlyArray<string>,
  { env, group = false }: StartOptions & GroupOptions = {}
) => observe(() => spawn(command, args, { env: { ...environment(), ...env }, cwd: workspace, detached: group }))

/** Starts a line of the shell, in which the command is `"$@"`, as a job of its own: a signal goes to all of it. */
export const startByShell = (line: string, args: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const command = [process.execPath, entrypoint, ...args]
    const job = yield* observe(() =>
      spawn("bash", ["-c", line, "-", ...command], { env: environment(), cwd: workspace, detached: true })
    )
    const kill = (signal: NodeJS.Signals) =>
      Effect.ignore(Effect.try(() => void (job.process.pid && process.kill(-job.process.pid, signal))))
    yield* Effect.addFinalizer(() => kill("SIGKILL"))
    return { ...job, kill }
  })

/** Starts the command with its standard output into a file or a device. */
export const startInto = (path: string, args: ReadonlyArray<string>) =>
  observe(() =>
    spawn("sh", ["-c", "exec \"$@\" > \"$0\"", path, process.execPath, entrypoint, ...args], { env: environment() })
  )

/** Starts a script of the workspace, `npm run -s ...`, with these arguments. */
export const startByNpm = (args: ReadonlyArray<string>, options?: StartOptions & GroupOptions) =>
  byNpm("npm", ["run", "-s", ...args], options)

/** Ways to start processes. */
export const processes = starting(start, (waiting) => waiting)

/** Runs the command to its end with nothing on standard input. */
export const run = running(start)
