/** What a running command has written so far, and waiting for more, whether it runs in this process or in one of its own. */
import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"

const Line = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))

/** An event as it was printed. */
export type Printed = typeof Line.Type

// Only a broken command takes as long, on however busy a machine.
const limit = 60_000

/** The events in an output. */
export const eventsIn = (stdout: string): ReadonlyArray<Printed> =>
  stdout.split("\n").slice(0, -1).filter((line) => line !== "").map((line) => Schema.decodeSync(Line)(line))

const matches = (fields: Printed) => (event: Printed): boolean =>
  Object.entries(fields).every(([name, value]) => JSON.stringify(event[name]) === JSON.stringify(value))

/** Makes an output without anything in it. */
export const makeOutput = () => {
  const written = { stdout: "", stderr: "" }
  let code: number | string | undefined
  const waiting = new Set<() => void>()
  const changed = () => {
    for (const look of [...waiting]) look()
  }
  const until = <A>(what: string, find: () => A | undefined): Effect.Effect<A> => {
    const found = Effect.callback<A>((resume) => {
      const look = () => {
        const value = find()
        if (value === undefined) return
        waiting.delete(look)
        resume(Effect.succeed(value))
      }
      waiting.add(look)
      look()
      return Effect.sync(() => void waiting.delete(look))
    })
    const givenUp = Effect.callback<never>((resume) => {
      const seen = () => new Error(`${what}\n${JSON.stringify({ ...written, code }, null, 2)}`)
      AbortSignal.timeout(limit).addEventListener("abort", () => resume(Effect.die(seen())))
    })
    return Effect.raceFirst(found, givenUp)
  }
  const events = (): ReadonlyArray<Printed> => eventsIn(written.stdout)
  /** Waits for an event whose fields are these, from the beginning on. */
  const tells = (event: string, fields: Printed = {}) =>
    until(`${event} ${JSON.stringify(fields)} was not told`, () => events().find(matches({ event, ...fields })))
  return {
    add: (stream: "stdout" | "stderr", text: string) => {
      written[stream] += text
      changed()
    },
    end: (status: number | string) => {
      code = status
      changed()
    },
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    events,
    /** Waits for text of either output that matches, from the beginning on. */
    prints: (pattern: RegExp) =>
      until(
        `${pattern} was not printed`,
        () => pattern.exec(written.stdout) ?? pattern.exec(written.stderr) ?? undefined
      ),
    tells,
    /** Waits until these lines were not done, each for its reason. */
    fails: (reasons: Readonly<Record<string, string>>) =>
      Effect.forEach(
        Object.entries(reasons),
        ([command, reason]) => tells("Failed", { command, reason }),
        { discard: true }
      ),
    /** Waits for the end, and gives the exit code; a signal is its name. */
    ends: until("it did not end", () => code)
  }
}

/** A running command. */
export interface Running extends ReturnType<typeof makeOutput> {
  /** Types lines. */
  readonly type: (...lines: ReadonlyArray<string>) => Effect.Effect<void>
  /** Closes standard input. */
  readonly hangUp: Effect.Effect<void>
}

/** How to start a command. */
export interface StartOptions {
  readonly env?: Readonly<Record<string, string>> | undefined
}

/** Starts a command, which ends with the scope. */
export type Start<Command extends Running, R> = (
  args: ReadonlyArray<string>,
  options?: StartOptions
) => Effect.Effect<Command, never, R>

/** Waits for something, and lets time pass where it stands still. */
export type PassTime<R> = <A>(waiting: Effect.Effect<A>) => Effect.Effect<A, never, R>

/** The passphrase of encrypted networks. */
export const secret = "open sesame"

/** Ways to start commands that report in JSON. Joining a Pyile host takes some time. */
export const starting = <Command extends Running, R>(start: Start<Command, R>, passTime: PassTime<R>) => {
  /** A room, with its address. */
  const open = (...args: ReadonlyArray<string>) => openWith({}, ...args)
  const openWith = Effect.fnUntraced(function*(options: StartOptions, ...args: ReadonlyArray<string>) {
    const running = yield* start([...args, "--json"], options)
    const listening = running.tells("Listening")
    const address = String((yield* args.includes("join") ? passTime(listening) : listening)["address"])
    return { ...running, address, port: address.slice(address.lastIndexOf(":") + 1) }
  })
  const loopback = ["--listen", "127.0.0.1:0"]
  const passphraseUnless = (given: ReadonlyArray<string>) =>
    given.some((flag) => ["--allow", "--passphrase"].includes(flag)) ? [] : ["--passphrase", secret]
  return {
    open,
    openWith,
    /** A Pyile host on a free port of the loopback. */
    hosting: (...more: ReadonlyArray<string>) => open("pyile", "host", ...loopback, "--password", "secret", ...more),
    /** An encrypted host on a free port of the loopback, with its invitation. */
    befriending: Effect.fnUntraced(function*(...more: ReadonlyArray<string>) {
      const host = yield* open("host", ...loopback, ...passphraseUnless(more), ...more)
      return { ...host, invitation: String((yield* host.tells("Invitation"))["invitation"]) }
    }),
    /** A member of it. */
    befriended: (invitation: string, ...more: ReadonlyArray<string>) =>
      Effect.tap(
        open("join", invitation, ...passphraseUnless(more), ...more),
        (member) => member.tells("Peers")
      ),
    /** A member of it. */
    joining: (host: string, ...more: ReadonlyArray<string>) =>
      Effect.tap(open("pyile", "join", host, "--password", "secret", ...more), (member) => member.tells("Peers")),
    /** A chat peer with an id, on a free port of the loopback unless it says where. */
    chatting: (id: string, { at = "127.0.0.1:0", join }: { readonly at?: string; readonly join?: string } = {}) =>
      Effect.tap(
        open("chat", at, ...(join === undefined ? [] : [join]), "--desired-id", id),
        (peer) => peer.tells("Peers")
      ),
    /** A PeerPy peer that takes connections at a free port of the loopback. */
    listening: (...more: ReadonlyArray<string>) => open("peerpy", "listen", ...loopback, ...more),
    /** A PeerPy peer that is connected to another. */
    connecting: (to: string, ...more: ReadonlyArray<string>) =>
      Effect.tap(open("peerpy", "connect", to, ...more), (peer) => peer.tells("Connected")),
    /** A Pyrate bootstrap on a free port of the loopback. */
    bootstrapping: (...more: ReadonlyArray<string>) => open("pyrate", "bootstrap", ...loopback, ...more),
    /** A Pyrate peer that shares a folder. */
    sharing: (bootstrap: string, directory: string, ...more: ReadonlyArray<string>) =>
      Effect.tap(
        open("pyrate", "share", directory, "--bootstrap", bootstrap, ...more),
        (peer) => peer.tells("Shared")
      ),
    /** A Pyile host and a member speak in lines for people, with no controls of others and no password in them. */
    plainly: Effect.gen(function*() {
      const host = yield* start(["pyile", "host", "--listen", "127.0.0.1:0", "--password", "secret"])
      const [, address = ""] = yield* host.prints(/Listening at (\S+?)\. /)
      yield* host.prints(/peerage pyile join 127\.0\.0\.1:\d+\n/)
      yield* host.prints(/Nothing here is encrypted/)
      const member = yield* start(["pyile", "join", address, "--password", "secret", "--alias", "bob"])
      yield* passTime(member.prints(/1 other is here/))
      yield* member.type("hello\u001B[31m\u202E")
      yield* host.prints(/\d\d:\d\d:\d\d bob 127\.0\.0\.1:\d+: hello\uFFFD\[31m\uFFFD\n/)
      yield* host.type("exit")
      assert.strictEqual(yield* host.ends, 0)
      assert.notInclude(host.stdout(), "\u001B")
      assert.notInclude(host.stdout(), "secret")
    })
  }
}

/** Runs a command to its end with nothing on standard input. */
export const running =
  <Command extends Running, R>(start: Start<Command, R>) => (args: ReadonlyArray<string>, options?: StartOptions) =>
    Effect.scoped(Effect.gen(function*() {
      const command = yield* start(args, options)
      yield* command.hangUp
      const code = yield* command.ends
      return { code, stdout: command.stdout(), stderr: command.stderr() }
    }))
