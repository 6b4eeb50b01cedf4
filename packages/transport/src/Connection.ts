/**
 * Effect's `Socket` over a `Pipe`: how programs usually read and write a connection.
 *
 * Acquiring `reader` dials, or takes over an accepted pipe; its scope owns the connection and closes it. However the
 * connection ends, `pull` fails with a `SocketError`, after a clean FIN too. A write on a dead connection fails instead
 * of hanging. Closing the writer's scope half-closes the connection, unless it resets on close. One pull at a time.
 */
import { Effect, Latch, type Scope } from "effect"
import * as Arr from "effect/Array"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import * as Socket from "effect/socket/Socket"
import type { ConnectionOptions } from "./Options.ts"
import type { PeerKey } from "./PeerKey.ts"
import type { Pipe } from "./Pipe.ts"
import * as SocketFailure from "./SocketFailure.ts"

/** The reading side of a live connection, with the addresses of both ends. */
export interface Reader extends Socket.Reader<Uint8Array> {
  /** The address of this end. */
  readonly local: NetAddress.InetAddress
  /** The address of the peer. */
  readonly remote: NetAddress.InetAddress
  /** The key that the peer has proved to own; `undefined` on a transport without keys. */
  readonly identity: PeerKey | undefined
}

/** A TCP connection. */
export interface Connection extends Socket.Socket {
  /** Dials, or takes over an accepted pipe. The scope owns the connection. Fails when the dial does. */
  readonly reader: Effect.Effect<Reader, Socket.SocketError, Scope.Scope>
}

type Pull = Effect.Effect<NonEmptyReadonlyArray<Uint8Array>, Socket.SocketError>

/** Reads and writes one pipe as Effects, which its callbacks resume. */
class PipeAdapter {
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

  /** The result of a pull now; `undefined` when it has to wait. */
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
    // The fiber may have yielded since `pull` checked, and `readable` is not called again for what came meanwhile.
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
  dials: "Once" | "Repeatedly"
): Connection => {
  let live: PipeAdapter | undefined
  const connected = Latch.makeUnsafe(false)

  const release = (pipe: Pipe) => {
    if (options.resetOnClose === true) pipe.reset()
    else pipe.close()
    // Writes wait for the next dial if there can be one; otherwise they fail with EPIPE.
    if (dials === "Once" || live?.pipe !== pipe) return
    live = undefined
    connected.closeUnsafe()
  }

  const reader = Effect.gen(function*() {
    const pipe = yield* Effect.acquireRelease(dial, (pipe) => Effect.sync(() => release(pipe)), { interruptible: true })
    const adapter = live = new PipeAdapter(pipe)
    connected.openUnsafe()
    return {
      pull: adapter.pull,
      upgrade: Socket.SocketUpgradeError.unsupported,
      local: pipe.local,
      remote: pipe.remote,
      identity: pipe.identity
    }
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
    // A FIN before the RST would look like a clean end.
    () => Effect.sync(() => options.resetOnClose === true ? undefined : live?.pipe.end())
  )

  return { ...Socket.make({ reader, writer }), reader }
}

/**
 * A connection over the pipe that `dial` succeeds with, once for each acquired reader. Writes wait until a reader is
 * acquired. Writing a `CloseEvent` with a code above 1000 resets the connection, any other closes it.
 */
export const fromDial = (
  dial: Effect.Effect<Pipe, Socket.SocketError>,
  options: ConnectionOptions = {}
): Connection => make(dial, options, "Repeatedly")

/** A connection over an accepted pipe. Its reader can be acquired once; after that, reads and writes fail. */
export const fromPipe = (pipe: Pipe, options: ConnectionOptions = {}): Connection => {
  let taken = false
  return make(
    Effect.suspend(() => {
      if (taken) return Effect.fail(SocketFailure.closed(1006))
      taken = true
      return Effect.succeed(pipe)
    }),
    options,
    "Once"
  )
}
