/** The command at a real terminal, which `script` of util-linux makes: keys in, and what a person sees out. */
import { Effect } from "effect"
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { entrypoint } from "./Peerage.ts"

const maker = "script"

/** False where there is no such thing. */
export const script = spawnSync(maker, ["--version"]).stdout?.toString().includes("util-linux") === true

const quote = (words: ReadonlyArray<string>) => words.map((word) => `'${word}'`).join(" ")

/** Starts the command in an environment; it is killed when the scope closes, if it has not ended by then. */
export const atTerminalWith = Effect.fnUntraced(function*(
  more: Readonly<Record<string, string>>,
  args: ReadonlyArray<string>
) {
  const { NO_COLOR: _, ...env } = process.env
  const child: ChildProcess = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(maker, ["-qec", quote([process.execPath, ...entrypoint, ...args]), "/dev/null"], {
        env: { ...env, TERM: "xterm", PEERAGE_PASSWORD: undefined, ...more }
      })
    ),
    (child) => Effect.sync(() => void child.kill("SIGKILL"))
  )
  let output = ""
  let code: number | undefined
  const looks = new Set<() => void>()
  const happened = () => {
    for (const look of [...looks]) look()
  }
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString()
    happened()
  })
  child.on("close", (status) => {
    code = status ?? -1
    happened()
  })
  const until = <A>(what: string, find: () => A | undefined): Effect.Effect<A> =>
    Effect.callback<A>((resume) => {
      const look = () => {
        const found = find()
        if (found === undefined) return
        looks.delete(look)
        resume(Effect.succeed(found))
      }
      looks.add(look)
      look()
      return Effect.sync(() => void looks.delete(look))
    }).pipe(Effect.timeoutOrElse({
      duration: "15 seconds",
      orElse: () => Effect.die(new Error(`${what} did not come:\n${JSON.stringify(output)}`))
    }))
  return {
    type: (keys: string) => Effect.sync(() => void child.stdin?.write(keys)),
    sees: (pattern: RegExp) => until(String(pattern), () => pattern.exec(output) ?? undefined),
    output: () => output,
    ends: until("the end", () => code)
  }
})

/** Starts the command; it is killed when the scope closes, if it has not ended by then. */
export const atTerminal = (...args: ReadonlyArray<string>) => atTerminalWith({}, args)
