/** The entrypoint as a real process: started as a person or a script would start it, and waited for by what it prints. */
import { Effect, Schema, type Scope } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

/** Arguments of node that start the command from its source. */
export const entrypoint: ReadonlyArray<string> = ["--conditions=@peerage/source", main]

const workspace = fileURLToPath(new URL("../../../..", import.meta.url))

const Line = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))

/** An event as it was printed. */
export type Printed = typeof Line.Type

/** A running command. */
export interface Running {
  readonly process: ChildProcess
  readonly type: (...lines: ReadonlyArray<string>) => Effect.Effect<void>
  /** Closes standard input. */
  readonly hangUp: Effect.Effect<void>
  readonly kill: (signal: NodeJS.Signals) => Effect.Effect<void>
  readonly stdout: () => string
  readonly stderr: () => string
  /** Waits for a line of either output that matches, from the beginning on. */
  readonly prints: (pattern: RegExp) => Effect.Effect<RegExpExecArray>
  /** Waits for an event whose fields are these, from the beginning on. */
  readonly tells: (event: string, fields?: Printed) => Effect.Effect<Printed>
  readonly events: () => ReadonlyArray<Printed>
  /** Waits for the end, and gives the exit code; a signal is its name. */
  readonly ends: Effect.Effect<number | string>
}

/** How to start it. */
export interface StartOptions {
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Run as a script of the workspace, `npm run -s ...`, with these arguments. */
  readonly npm?: boolean | undefined
}

const deadline = "15 seconds"

const matches = (fields: Printed) => (event: Printed): boolean =>
  Object.entries(fields).every(([name, value]) => JSON.stringify(event[name]) === JSON.stringify(value))

/** The environment of a person who has set nothing. */
const environment = (): Record<string, string> => {
  const kept = Object.entries(process.env).filter(([name]) =>
    !/^(PEERAGE|PEERPY|PYILE|P2P_CHAT|npm|VITEST|NO_COLOR|FORCE_COLOR)/.test(name)
  )
  return Object.fromEntries(kept.flatMap(([name, value]) => value === undefined ? [] : [[name, value]]))
}

/** Starts the command; it is killed when the scope closes, if it has not ended by then. */
export const start = Effect.fnUntraced(function*(
  args: ReadonlyArray<string>,
  options: StartOptions = {}
): Effect.fn.Return<Running, never, Scope.Scope> {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const env = { ...environment(), ...options.env }
      return options.npm === true
        ? spawn("npm", ["run", "-s", ...args], { env, cwd: workspace })
        : spawn(process.execPath, [...entrypoint, ...args], { env })
    }),
    (child) => Effect.sync(() => void child.kill("SIGKILL"))
  )
  let stdout = ""
  let stderr = ""
  let code: number | string | undefined
  const waiting = new Set<() => void>()
  const changed = () => waiting.forEach((look) => look())
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString()
    changed()
  })
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString()
    changed()
  })
  child.on("close", (status, signal) => {
    code = status ?? signal ?? "gone"
    changed()
  })
  child.stdin.on("error", () => {})

  const until = <A>(what: string, look: () => A | undefined): Effect.Effect<A> =>
    Effect.callback<A>((resume) => {
      const attempt = () => {
        const found = look()
        if (found !== undefined) {
          waiting.delete(attempt)
          resume(Effect.succeed(found))
        }
      }
      waiting.add(attempt)
      attempt()
      return Effect.sync(() => void waiting.delete(attempt))
    }).pipe(
      Effect.timeoutOrElse({
        duration: deadline,
        orElse: () => Effect.die(new Error(`${what}\nstdout:\n${stdout}\nstderr:\n${stderr}\ncode: ${code}`))
      })
    )

  const events = () =>
    stdout.split("\n").slice(0, -1).filter((line) => line !== "").map((line) => Schema.decodeSync(Line)(line))

  return {
    process: child,
    type: (...lines) => Effect.sync(() => void child.stdin.write(lines.map((line) => `${line}\n`).join(""))),
    hangUp: Effect.sync(() => void child.stdin.end()),
    kill: (signal) => Effect.sync(() => void child.kill(signal)),
    stdout: () => stdout,
    stderr: () => stderr,
    prints: (pattern) =>
      until(`${pattern} was not printed`, () => pattern.exec(stdout) ?? pattern.exec(stderr) ?? undefined),
    tells: (event, fields = {}) =>
      until(`${event} ${JSON.stringify(fields)} was not told`, () => events().find(matches({ event, ...fields }))),
    events,
    ends: until("it did not end", () => code)
  }
})

/** Runs the command to its end with nothing on standard input. */
export const run = (args: ReadonlyArray<string>, options?: StartOptions) =>
  Effect.scoped(Effect.gen(function*() {
    const running = yield* start(args, options)
    yield* running.hangUp
    const code = yield* running.ends
    return { code, stdout: running.stdout(), stderr: running.stderr() }
  }))

const decodeAddress = Schema.decodeUnknownEffect(Schema.Struct({ address: Schema.String }))

/** A host on a free port of the loopback, in JSON, with its address. */
export const hosting = Effect.fnUntraced(function*(...more: ReadonlyArray<string>) {
  const host = yield* start(["pyile", "host", "--json", "--listen", "127.0.0.1:0", "--password", "secret", ...more])
  const { address } = yield* Effect.orDie(decodeAddress(yield* host.tells("Listening")))
  return { ...host, address }
})

/** A member of it, in JSON, with the address at which it takes chat. */
export const joining = Effect.fnUntraced(function*(host: string, ...more: ReadonlyArray<string>) {
  const member = yield* start(["pyile", "join", host, "--json", "--password", "secret", ...more])
  const { address } = yield* Effect.orDie(decodeAddress(yield* member.tells("Listening")))
  yield* member.tells("Peers")
  return { ...member, address }
})

/** A chat peer with an id, in JSON, on a free port of the loopback or at `at`, with its address. */
export const chatting = Effect.fnUntraced(function*(
  id: string,
  { at = "127.0.0.1:0", join }: { readonly at?: string; readonly join?: string } = {}
) {
  const peer = yield* start(["chat", at, ...(join === undefined ? [] : [join]), "--json", "--desired-id", id])
  const { address } = yield* Effect.orDie(decodeAddress(yield* peer.tells("Listening")))
  yield* peer.tells("Peers")
  return { ...peer, address }
})

/** A PeerPy peer that takes connections at a free port of the loopback, in JSON, with its address. */
export const listening = Effect.fnUntraced(function*(more: ReadonlyArray<string> = [], options?: StartOptions) {
  const peer = yield* start(["peerpy", "listen", "--listen", "127.0.0.1:0", "--json", ...more], options)
  const { address } = yield* Effect.orDie(decodeAddress(yield* peer.tells("Listening")))
  return { ...peer, address }
})

/** A PeerPy peer that is connected to another, in JSON, with its address. */
export const connecting = Effect.fnUntraced(function*(to: string, more: ReadonlyArray<string> = []) {
  const peer = yield* start(["peerpy", "connect", to, "--json", ...more])
  yield* peer.tells("Connected")
  const { address } = yield* Effect.orDie(decodeAddress(yield* peer.tells("Listening")))
  return { ...peer, address }
})
