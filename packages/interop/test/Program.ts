/**
 * A running program that tells what happens as JSON lines, each with an `event`: a driver of an original, or the
 * `peerage` command. Every wait has a deadline that only a defect reaches.
 */
import { Effect, Schema, type Scope } from "effect"
import { spawn } from "node:child_process"

const Line = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))
const decode = Schema.decodeSync(Line)

/** What was told. */
export type Told = typeof Line.Type

/** A process, for the scope's life. */
export interface Program {
  readonly write: (line: string) => Effect.Effect<void>
  /** All events of a kind so far. */
  readonly told: (event: string, fields?: Told) => ReadonlyArray<Told>
  /** Waits for an event with these fields, from the beginning on. */
  readonly tells: (event: string, fields?: Told) => Effect.Effect<Told>
  /** Waits until something holds, which is looked at whenever the program tells something. */
  readonly until: <A>(what: string, look: () => A | undefined) => Effect.Effect<A>
  /** Ends the process as nobody should, and waits until it is gone. */
  readonly kill: Effect.Effect<void>
}

const deadline = "5 minutes"

const fits = (wanted: Told) => (told: Told): boolean =>
  Object.entries(wanted).every(([name, value]) => JSON.stringify(told[name]) === JSON.stringify(value))

/** Whole lines out of whatever pieces come. */
const byLine = (take: (line: string) => void) => {
  let rest = ""
  return (piece: string) => {
    const lines = (rest + piece).split("\n")
    rest = lines.pop() ?? ""
    lines.filter((line) => line !== "").forEach(take)
  }
}

/** Starts a program. It is killed when the scope closes. */
export const start = Effect.fnUntraced(function*(
  command: string,
  args: ReadonlyArray<string>,
  variables: Readonly<Record<string, string>> = {}
): Effect.fn.Return<Program, never, Scope.Scope> {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => spawn(command, args, { env: { ...process.env, ...variables } })),
    (child) => Effect.sync(() => void child.kill("SIGKILL"))
  )
  const events: Array<Told> = []
  const waiting = new Set<() => void>()
  let stderr = ""
  let over = false
  const changed = () => [...waiting].forEach((look) => look())
  child.stdout.setEncoding("utf8").on("data", byLine((line) => events.push(decode(line)))).on("data", changed)
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text
  })
  child.stdin.on("error", () => {})
  child.on("error", (error) => {
    stderr += error.message
  }).on("close", () => {
    over = true
    changed()
  })

  const until: Program["until"] = <A>(what: string, look: () => A | undefined) =>
    Effect.callback<A>((resume) => {
      const attempt = () => {
        const found = look()
        if (found === undefined && !over) return
        waiting.delete(attempt)
        resume(found === undefined ? Effect.die(failure("it ended before", what)) : Effect.succeed(found))
      }
      waiting.add(attempt)
      attempt()
      return Effect.sync(() => void waiting.delete(attempt))
    }).pipe(
      Effect.timeoutOrElse({
        duration: deadline,
        orElse: () => Effect.die(failure(`not within ${deadline}:`, what))
      })
    )
  const failure = (problem: string, what: string) =>
    new Error(`${problem} ${what}\n${events.map((event) => JSON.stringify(event)).join("\n")}\n${stderr}`)

  return {
    write: (line) => Effect.sync(() => void child.stdin.write(`${line}\n`)),
    told: (event, fields = {}) => events.filter(fits({ event, ...fields })),
    tells: (event, fields = {}) =>
      until(`${event} ${JSON.stringify(fields)}`, () => events.find(fits({ event, ...fields }))),
    until,
    kill: Effect.callback<void>((resume) => {
      child.on("close", () => resume(Effect.void)).kill("SIGKILL")
      if (over) resume(Effect.void)
    })
  }
})
