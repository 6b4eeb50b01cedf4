/**
 * Effect's `Socket` over a `Pipe`: the ordinary door of a transport.
 *
 * Acquiring `reader` dials (or adopts an accepted pipe) and its scope owns the connection; leaving the scope closes it.
 * Every end fails `pull` with a `SocketError`, a clean FIN included. A write on a dead connection fails, it never hangs.
 * Leaving the writer's scope half-closes, unless the connection resets on close. One pull at a time.
 */
import { Effect, Latch, type Scope } from "effect"
import * as Arr from "effect/Array"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import * as Socket from "effect/socket/Socket"
import type { ConnectionOptions } from "./Options.ts"
import type { Pipe } from "./Pipe.ts"
import * as SocketFailure from "./SocketFailure.ts"

/** The read side of a live connection, which knows both its addresses. */
export interface Reader extends Socket.Reader<Uint8Array> {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
}

/** A TCP connection. Acquiring `reader` dials; the scope of the acquisition owns the connection. */
export interface Connection extends Socket.Socket {
  readonly reader: Effect.Effect<Reader, Socket.SocketError, Scope.Scope>
}

type Pull = Effect.Effect<NonEmptyReadonlyArray<Uint8Array>, Socket.SocketError>

/** The two sides of one pipe as Effects, and what to do with the pipe's signals. */
class Sides {
  readonly pipe: Pipe
  private onReadable: (() => void) | undefined
  private onDrained: Array<() => void> = []
  private drains = 0
  constructor(pipe: Pipe) {
    this.pipe = pipe
    pipe.observe({
      readable: () => this.onReadable?.(),
      drained: () => this.wakeWriters(),
      closed: () => {
        this.onReadable?.()
        this.wakeWriters()
      }
    })
  }

  private wakeWriters() {
    this.drains++
    if (this.onDrained.length === 0) return
    const waiting = this.onDrained
    this.onDrained = []
    for (const wake of waiting) wake()
  }

  /** What a pull would give now; `undefined` when it has to wait. */
  private taken(): Pull | undefined {
    const chunks = this.pipe.take()
    if (chunks !== undefined) return Effect.succeed(chunks)
    const ended = this.pipe.ended()
    return ended === undefined ? undefined : Effect.fail(ended)
  }

  readonly pull: Pull = Effect.suspend(() => this.taken() ?? this.pullLater)

  private readonly pullLater: Pull = Effect.callback((resume) => {
    const wake = () => {
      const taken = this.taken()
      if (taken === undefined) return
      this.onReadable = undefined
      resume(taken)
    }
    this.onReadable = wake
    // The fiber may have yielded since `pull` looked, and a signal missed now would not come again.
    wake()
    return Effect.sync(() => {
      if (this.onReadable === wake) this.onReadable = undefined
    })
  })

  private writable(): Effect.Effect<void, Socket.SocketError> {
    const broken = this.pipe.broken()
    return broken === undefined ? Effect.void : Effect.fail(broken)
  }

  write(chunks: NonEmptyReadonlyArray<Uint8Array>): Effect.Effect<void, Socket.SocketError> {
    const broken = this.pipe.broken()
    if (broken !== undefined) return Effect.fail(broken)
    const drains = this.drains
    return this.pipe.write(chunks) ? Effect.void : this.drainedSince(drains)
  }

  private drainedSince(drains: number): Effect.Effect<void, Socket.SocketError> {
    return Effect.callback((resume) => {
      const wake = () => resume(this.writable())
      if (this.drains !== drains) return wake()
      this.onDrained.push(wake)
      return Effect.sync(() => {
        this.onDrained = this.onDrained.filter((waiting) => waiting !== wake)
      })
    })
  }
}

const encoder = new TextEncoder()
const toBytes = (chunk: Uint8Array | string): Uint8Array => typeof chunk === "string" ? encoder.encode(chunk) : chunk

const make = (
  dial: Effect.Effect<Pipe, Socket.SocketError>,
  options: ConnectionOptions,
  lives: "Once" | "Anew"
): Connection => {
  let live: Sides | undefined
  const connected = Latch.makeUnsafe(false)

  const release = (pipe: Pipe) => {
    if (options.resetOnClose === true) pipe.reset()
    else pipe.close()
    // A connection that can live again lets writes wait for that; the others fail them with EPIPE.
    if (lives === "Once" || live?.pipe !== pipe) return
    live = undefined
    connected.closeUnsafe()
  }

  const reader = Effect.gen(function*() {
    const pipe = yield* Effect.acquireRelease(dial, (pipe) => Effect.sync(() => release(pipe)), { interruptible: true })
    const sides = new Sides(pipe)
    live = sides
    connected.openUnsafe()
    return { pull: sides.pull, upgrade: Socket.SocketUpgradeError.unsupported, local: pipe.local, remote: pipe.remote }
  })

  const writeAll = (
    chunks: NonEmptyReadonlyArray<Uint8Array | string>
  ): Effect.Effect<void, Socket.SocketError> =>
    Effect.suspend(() =>
      live === undefined ? connected.whenOpen(writeAll(chunks)) : live.write(Arr.map(chunks, toBytes))
    )

  const write = (chunk: Uint8Array | string | Socket.CloseEvent): Effect.Effect<void, Socket.SocketError> =>
    Effect.suspend(() => {
      if (live === undefined) return connected.whenOpen(write(chunk))
      if (!Socket.isCloseEvent(chunk)) return live.write([toBytes(chunk)])
      if (chunk.code > 1000) live.pipe.reset()
      else live.pipe.close()
      return Effect.void
    })

  const writer = Effect.acquireRelease(
    Effect.succeed({ write, writeAll }),
    // A FIN ahead of the RST would make the end look polite.
    () => Effect.sync(() => options.resetOnClose === true ? undefined : live?.pipe.end())
  )

  return { ...Socket.make({ reader, writer }), reader }
}

/**
 * A connection over whatever `dial` gives. Writes made while no reader is acquired wait for one.
 * A `CloseEvent` with a code above 1000 resets, any other closes.
 */
export const fromDial = (
  dial: Effect.Effect<Pipe, Socket.SocketError>,
  options: ConnectionOptions = {}
): Connection => make(dial, options, "Anew")

/** A connection over an accepted pipe; it can be read once, as the pipe is gone after that, and writes then fail. */
export const fromPipe = (pipe: Pipe, options: ConnectionOptions = {}): Connection => {
  let adopted = false
  return make(
    Effect.suspend(() => {
      if (adopted) return Effect.fail(SocketFailure.closed(1006))
      adopted = true
      return Effect.succeed(pipe)
    }),
    options,
    "Once"
  )
}
