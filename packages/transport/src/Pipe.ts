/**
 * The lower door of a transport: one live TCP connection as plain callbacks, without a fiber, a scope or a promise.
 *
 * Both layers implement this and nothing else; `Connection` is built on it once, so that real and simulated connections
 * behave alike by construction. Use it directly only where a connection carries a single message and Effect's ordinary
 * door would cost more than the traffic.
 */
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"

/** Receives what happens to a pipe. Called synchronously from the transport; must not throw. */
export interface Observer {
  /** Bytes arrived, or reading ended (`Pipe.ended`). */
  readonly readable: () => void
  /** What was written is below the high-water mark again, or writing broke (`Pipe.broken`). */
  readonly drained: () => void
  /** Nothing more will happen: both directions are over and the socket is freed. Called exactly once. */
  readonly closed: () => void
}

/** One live connection. Whoever holds it must `close` or `reset` it. */
export interface Pipe {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /** Takes everything that has arrived, or `undefined`. Until it is taken the peer's window stays shut: backpressure. */
  readonly take: () => NonEmptyReadonlyArray<Uint8Array> | undefined
  /**
   * How reading ended, `undefined` while it may go on. A FIN is `SocketCloseError` with code 1000, a local `close`
   * one with code 1006, a reset or a dead host a `SocketReadError` whose cause has an errno `code`. Bytes that came
   * before a FIN can still be taken; a reset and a local close discard them.
   */
  readonly ended: () => SocketError | undefined
  /** Why a write would fail now, `undefined` while writing is possible. */
  readonly broken: () => SocketError | undefined
  /**
   * Hands bytes over; false when the buffer is above its high-water mark (`drained` follows). Ignored when broken. The
   * chunks are the pipe's until then, and may be written over once `drained` has followed.
   */
  readonly write: (chunks: NonEmptyReadonlyArray<Uint8Array>) => boolean
  /** Sends FIN after what was written. Reading goes on. */
  readonly end: () => void
  /**
   * Sends what was written, then FIN, and frees the socket; what still arrives is dropped. A peer that takes nothing for
   * 30 seconds is reset. Reading has ended when this returns (`readable` is called).
   */
  readonly close: () => void
  /**
   * `close` for a peer that has said all it had to, one system call cheaper: should it say more, it meets a reset, and may
   * lose what was written last.
   */
  readonly closeAtOnce: () => void
  /** Sends RST at once; what was not yet sent is lost. */
  readonly reset: () => void
  /** When bytes last came or went, in milliseconds of the `Clock` the transport was made under. */
  readonly activeAt: () => number
  /** Sets the one observer, replacing an earlier one. Calls it at once for what has already happened. */
  readonly observe: (observer: Observer) => void
}
