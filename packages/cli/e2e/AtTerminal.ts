/** The command at a real terminal, which `script` of util-linux makes: keys in, and what a person sees out. */
import { it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { makeOutput } from "../test/Output.ts"
import { entrypoint, workspace } from "../test/Process.ts"
import type { Steps } from "../test/Test.ts"

const maker = "script"

/** False where there is no such thing. */
const script = spawnSync(maker, ["--version"]).stdout?.toString().includes("util-linux") === true

const quote = (words: ReadonlyArray<string>) => words.map((word) => `'${word}'`).join(" ")

/** The command to type, with its arguments. */
export const typed = (...args: ReadonlyArray<string>): string => quote([process.execPath, entrypoint, ...args])

/** Starts a line of the shell in an environment; it is killed when the scope closes, if it has not ended by then. */
const start = Effect.fnUntraced(function*(line: string, more: Readonly<Record<string, string>>) {
  const { NO_COLOR: _, ...env } = process.env
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(maker, ["-qec", line, "/dev/null"], {
        cwd: workspace,
        env: { ...env, TERM: "xterm", PEERAGE_PASSWORD: undefined, ...more }
      })
    ),
    (child) => Effect.sync(() => void child.kill("SIGKILL"))
  )
  const { add, end, ends, prints, stdout } = makeOutput()
  child.stdout.on("data", (chunk: Buffer) => add("stdout", chunk.toString()))
  child.on("close", (status) => end(status ?? -1))
  return {
    /** Nobody reads what the terminal shows, until it is read again. */
    look: (reads: boolean) => Effect.sync(() => void (reads ? child.stdout.resume() : child.stdout.pause())),
    type: (keys: string) => Effect.sync(() => void child.stdin.write(keys)),
    sees: prints,
    output: stdout,
    ends
  }
})

/** Starts the command in an environment, in place of the shell: some of them would answer an interrupt with 130 of their own. */
export const atTerminalWith = (more: Readonly<Record<string, string>>, args: ReadonlyArray<string>) =>
  start(`exec ${typed(...args)}`, more)

/** Starts a shell that controls jobs, in the folder of the workspace. */
export const shell = start("bash --noprofile --norc -i", { PEERAGE_PASSWORD: "secret" })

/** Starts the command; it is killed when the scope closes, if it has not ended by then. */
export const atTerminal = (...args: ReadonlyArray<string>) => atTerminalWith({}, args)

/** A test at a terminal; where none can be made, it is passed over. */
export const terminal = (name: string, steps: Steps<Scope.Scope>) =>
  it.live.skipIf(!script)(name, () => Effect.gen(steps))
