/** A connection that carries bytes, for protocols that are not a sequence of frames; `Link` carries messages. */
import type { Listener, Options, Pipe, Transport } from "@peerage/transport"
import { type Duration, Effect, type Scope } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import { ByteReader } from "./ByteReader.ts"
import * as Ownership from "./link/Ownership.ts"
import { Writing } from "./link/Writing.ts"
import type { PeerUnresponsive } from "./LinkError.ts"

/** A live connection that carries bytes. It lives as long as its scope. */
export interface ByteLink {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /** When bytes last arrived or left, in milliseconds of the transport's `Clock`. */
  readonly activeAt: () => number
  readonly reader: ByteReader
  /** Writes chunks in one write. Waits while the peer is slow; fails when it takes nothing at all `within`. */
  readonly write: (
    chunks: NonEmptyReadonlyArray<Uint8Array>,
    within?: Duration.Input
  ) => Effect.Effect<void, SocketError | PeerUnresponsive>
  /** Writes chunks in one write, and never waits. Nothing bounds what is handed over: ask `hasRoom` first. */
  readonly hand: (chunks: NonEmptyReadonlyArray<Uint8Array>) => Effect.Effect<void, SocketError>
  /** False while the peer is slow: a `write` would wait. */
  readonly hasRoom: () => boolean
  /** How many bytes were written so far. Says whether an interrupted write had begun. */
  readonly written: () => number
  /** Sends FIN after what was written. Reading is still possible. */
  readonly end: Effect.Effect<void>
  /** Sends what was written, then FIN, and frees the socket. Does not wait until all is sent. */
  readonly close: Effect.Effect<void>
  /** Sends RST at once. What is not sent yet is lost. */
  readonly reset: Effect.Effect<void>
}

const open = ({ resetOnClose }: Options.ConnectionOptions) => (pipe: Pipe.Pipe): Ownership.Owned<ByteLink> => {
  const reader = new ByteReader(pipe)
  const writing = new Writing(pipe, 0)
  pipe.observe({
    readable: () => reader.readable(),
    drained: () => writing.drained(),
    closed: () => {
      reader.readable()
      writing.drained()
    }
  })
  const link: ByteLink = {
    local: pipe.local,
    remote: pipe.remote,
    activeAt: () => pipe.activeAt(),
    reader,
    write: (chunks, within) => writing.send(chunks, within),
    hand: (chunks) => writing.hand(chunks),
    hasRoom: () => writing.hasRoom,
    written: () => writing.written,
    end: Effect.sync(() => pipe.end()),
    close: Effect.sync(() => pipe.close()),
    reset: Effect.sync(() => pipe.reset())
  }
  return { link, close: () => resetOnClose === true ? pipe.reset() : pipe.close() }
}

/** A link over a pipe, for the scope's life. Leaving the scope closes the pipe. */
export const make = (
  pipe: Pipe.Pipe,
  options: Options.ConnectionOptions = {}
): Effect.Effect<ByteLink, never, Scope.Scope> => Ownership.scoped(Effect.succeed(pipe), open(options))

/** Dials for the scope's life. Leaving the scope closes the connection. */
export const dial = (
  transport: Transport.Transport["Service"],
  address: NetAddress.InetAddress,
  options: Options.DialOptions = {}
): Effect.Effect<ByteLink, SocketError, Scope.Scope> =>
  Ownership.scoped(transport.connect(address, options), open(options))

/**
 * Never ends: runs `handler` for each accepted connection, each in a fiber of its own. The connection is closed when its
 * handler ends. A handler that fails is over; one that dies is logged as a warning.
 */
export const serve = <E, R>(
  listener: Listener.Listener,
  handler: (link: ByteLink) => Effect.Effect<unknown, E, R>
): Effect.Effect<never, never, R> => Ownership.serve(listener, open({}), handler)
