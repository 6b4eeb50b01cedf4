/** What the conformance suite needs to know of a transport, and the words its tests are written in. */
import type { Vitest } from "@effect/vitest"
import { Connection, type Options, SocketFailure, type Transport } from "@peerage/transport"
import { type Duration, Effect, Exit, Queue, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError, Writer } from "effect/socket/Socket"

/** One host under test. */
export interface Place {
  readonly transport: Transport.Transport["Service"]
  readonly v4: NetAddress.IpAddress
  /** Undefined where the host has no IPv6. */
  readonly v6: NetAddress.IpAddress | undefined
}

/** Two hosts, and how time passes. On one machine they may share a transport and differ in address only. */
export interface World {
  readonly near: Place
  readonly far: Place
  /** Lets time pass in a simulated world; does nothing in the real one, where whoever waits sees time pass. */
  readonly elapse: (duration: Duration.Input) => Effect.Effect<void>
  /** Lets everything happen that happens without time. */
  readonly settle: Effect.Effect<void>
  /** An address at which nobody answers a SYN. */
  readonly unanswering: Effect.Effect<NetAddress.InetAddress, never, Scope.Scope>
  /** Stops `far` without FIN; undefined where that cannot be done. */
  readonly killFar: Effect.Effect<void> | undefined
  /** Whether each end proves a key to the other. */
  readonly authenticated: boolean
  /** Where a broadcast that reaches both hosts is sent to. */
  readonly broadcast: NetAddress.IpAddress
}

/** A transport to test: how tests run on it, and a fresh world for each. */
export interface Setup {
  readonly it: Vitest.Tester<Scope.Scope>
  readonly simulated: boolean
  readonly world: Effect.Effect<World, never, Scope.Scope>
}

/** Defines one test, with a world of its own. */
export type Test = (title: string, body: (world: World) => Effect.fn.Return<void, unknown, Scope.Scope>) => void

export const tests = (setup: Setup): Test => (title, body) => {
  setup.it(title, () => Effect.flatMap(setup.world, Effect.fnUntraced(body)))
}

/** One end of a live connection, with each of its scopes to leave. */
export interface End {
  readonly reader: Connection.Reader
  readonly writer: Writer
  readonly leave: Effect.Effect<void>
  readonly leaveWriter: Effect.Effect<void>
}

const childScope = Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))

/** Acquires both sides of a connection, each in a scope of its own. */
export const open = Effect.fnUntraced(function*(connection: Connection.Connection) {
  const reading = yield* childScope
  const writing = yield* childScope
  const reader = yield* Scope.provide(connection.reader, reading)
  const writer = yield* Scope.provide(connection.writer, writing)
  const end: End = {
    reader,
    writer,
    leave: Scope.close(reading, Exit.void),
    leaveWriter: Scope.close(writing, Exit.void)
  }
  return end
})

export const port0 = (host: NetAddress.IpAddress) => NetAddress.inetAddressUnsafe(host, 0)
export const at = (host: NetAddress.IpAddress, port: number) => NetAddress.inetAddressUnsafe(host, port)

export interface PairOptions {
  readonly listen?: Options.ListenOptions
  readonly dial?: Options.DialOptions
}

/** Both ends of one connection from `near` to `far`. */
export const pair = Effect.fnUntraced(function*({ near, far }: World, options: PairOptions = {}) {
  const listener = yield* far.transport.listen(port0(far.v4), options.listen)
  const nearEnd = yield* open(near.transport.dial(listener.address, options.dial))
  const farEnd = yield* open(Connection.fromPipe(yield* Queue.take(listener.accepted), options.listen))
  return { listener, near: nearEnd, far: farEnd }
})

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
export const text = (chunks: ReadonlyArray<Uint8Array>): string =>
  chunks.map((chunk) => new TextDecoder().decode(chunk)).join("")

/** How a connection ended: "FIN", "closed here", or a failure's kind and errno. */
export const howEnded = (error: SocketError): string =>
  error.reason._tag === "SocketCloseError"
    ? error.reason.code === 1000 ? "FIN" : "closed here"
    : `${error.reason._tag} ${SocketFailure.errno(error)}`

/** Everything until the end, and how it ended. */
export const readToEnd = Effect.fnUntraced(function*(reader: Connection.Reader) {
  const chunks: Array<Uint8Array> = []
  const end = yield* reader.pull.pipe(
    Effect.map((pulled) => chunks.push(...pulled)),
    Effect.forever,
    Effect.flip
  )
  return { text: text(chunks), end: howEnded(end) }
})

/** Pulls until at least `length` bytes came, as text. */
export const readText = Effect.fnUntraced(function*(reader: Connection.Reader, length: number) {
  let received = ""
  while (received.length < length) received += text(yield* reader.pull)
  return received
})

/** How the next pull ends, which must not bring bytes. */
export const pullEnd = (reader: Connection.Reader) => Effect.map(Effect.flip(reader.pull), howEnded)
