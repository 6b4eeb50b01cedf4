/**
 * One live TCP connection as plain callbacks, without a fiber, a scope or a promise.
 *
 * A layer implements this interface, and `Connection` is built on it once, so real and simulated connections behave
 * alike. Use it directly only where a connection carries a single message and a scoped `Connection` would cost more
 * than the traffic.
 */
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { PeerKey } from "./PeerKey.ts"

/** Callbacks for what happens to a pipe. The transport calls them synchronously; they must not throw. */
export interface Observer {
  /** Bytes arrived, or reading ended (`Pipe.ended`). */
  readonly readable: () => void
  /** The written bytes are below the high-water mark again, or writing broke (`Pipe.broken`). */
  readonly drained: () => void
  /** Both directions are over and the socket is freed. Called exactly once; nothing is called after it. */
  readonly closed: () => void
}

/** One live connection. Its owner must `close` or `reset` it. */
export interface Pipe {
  /** The address of this end. */
  readonly local: NetAddress.InetAddress
  /** The address of the peer. */
  readonly remote: NetAddress.InetAddress
  /** The key that the peer has proved to own; `undefined` on a transport without keys, as TCP itself is. */
  readonly identity: PeerKey | undefined
  /**
   * Takes all bytes that have arrived; `undefined` when there are none. Bytes that are not taken keep the peer's window
   * closed, so a slow reader slows the peer down.
   */
  readonly take: () => NonEmptyReadonlyArray<Uint8Array> | undefined
  /**
   * How reading ended; `undefined` while it goes on. A FIN is a `SocketCloseError` with code 1000, a local `close` one
   * with code 1006, a reset or a dead host a `SocketReadError` whose cause has an errno `code`. Bytes that arrived
   * before a FIN can still be taken; a reset and a local close drop them.
   */
  readonly ended: () => SocketError | undefined
  /** Why a write would fail now; `undefined` while writing is possible. */
  readonly broken: () => SocketError | undefined
  /**
   * Writes chunks; does nothing when `broken`. False when the written bytes are above the high-water mark: `drained` is
   * called later. Do not change a chunk after writing it, unless `drained` has been called since, or the write was of 64 KiB
   * or more together and returned true.
   */
  readonly write: (chunks: NonEmptyReadonlyArray<Uint8Array>) => boolean
  /**
   * For how many milliseconds the peer's machine has taken none of the written bytes, as far as the system tells: while a
   * write waits, this tells a slow peer from one that takes nothing. A real connection is looked at only when this is
   * called, and what has changed since the last look counts as taken just now.
   */
  readonly stalledFor: () => number
  /** Sends FIN after the written bytes. Reading goes on. */
  readonly end: () => void
  /**
   * Sends the written bytes and FIN, frees the socket, and drops what still arrives. Resets a peer that takes no bytes
   * for 30 seconds. Reading has ended when this returns (`readable` is called).
   */
  readonly close: () => void
  /**
   * `close` for a peer that sends nothing more, one system call cheaper. A peer that does send more is reset, and may
   * lose the bytes that were written last.
   */
  readonly closeAtOnce: () => void
  /** Sends RST at once. Bytes that were not sent yet are lost. */
  readonly reset: () => void
  /** When bytes last arrived or left, in milliseconds of the `Clock` that the transport was made under. */
  readonly activeAt: () => number
  /** Sets the one observer, replacing an earlier one, and calls it at once for what has happened so far. */
  readonly observe: (observer: Observer) => void
}
