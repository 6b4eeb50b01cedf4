/**
 * What callers may ask of a connection, a listener and a datagram socket, and what a layer has to provide. The rest of
 * the seam is built on `Backing` once, alike for real and simulated networks.
 */
import type { Duration, Effect, Result, Scope } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { DatagramSocket, DatagramSocketError } from "effect/socket/DatagramSocket"
import type { SocketError } from "effect/socket/Socket"
import type { SocketServerError } from "effect/socket/SocketServer"
import type { Pipe } from "./Pipe.ts"

/** What both ends of a connection may ask of their socket. */
export interface ConnectionOptions {
  /** Send small writes at once instead of waiting for an ACK (TCP_NODELAY). Default false, as the originals. */
  readonly noDelay?: boolean | undefined
  /** Probe a connection after this long without traffic, so that a dead host is found (ETIMEDOUT). Default: never. */
  readonly keepAlive?: Duration.Input | undefined
  /** Leaving the connection's scope sends RST instead of FIN, leaving the writer's scope nothing. Default false. */
  readonly resetOnClose?: boolean | undefined
}

/** Options of one dial. */
export interface DialOptions extends ConnectionOptions {
  /** Address to dial from; port 0, the default, lets the system choose. */
  readonly from?: { readonly host?: NetAddress.IpAddress | undefined; readonly port?: number | undefined } | undefined
  /** Give up after this long with a `SocketOpenError` of kind Timeout. Default: when the system gives up. */
  readonly connectTimeout?: Duration.Input | undefined
}

/** Options of a listener. Limits count open connections, also those that no handler has taken yet. */
export interface ListenOptions extends ConnectionOptions {
  /** Connections the system holds before they are accepted. Default 511. */
  readonly backlog?: number | undefined
  /** Open connections in all. Default 10,000; a larger value costs a file descriptor and some 10 KB each. */
  readonly maxConnections?: number | undefined
  /** Open connections from one remote address. Default: no limit. */
  readonly maxPerAddress?: number | undefined
  /** What happens to a connection above a limit: it is closed at once, or waits until one ends. Default "refuse". */
  readonly overLimit?: "refuse" | "wait" | undefined
  /** Reset a connection over which nothing came or went for this long. Default: never. */
  readonly idleLimit?: Duration.Input | undefined
}

/** Options of a datagram socket. */
export interface DatagramOptions {
  /** Local address; port 0 lets the system choose. */
  readonly bind: NetAddress.InetAddress
  /** Allow sending to broadcast addresses. Default false. */
  readonly broadcast?: boolean | undefined
  /** Let several sockets of one host bind the same port; each receives broadcasts. Default false. */
  readonly shared?: boolean | undefined
  /** Datagrams held before new ones are dropped. Default 1024. */
  readonly capacity?: number | undefined
}

/** Takes an accepted pipe. The returned function is called once, when that pipe's socket is freed. */
export type Accept = (pipe: Pipe) => () => void

/** Takes the result of a dial: a live pipe, or why there is none. */
export type Dialed = (result: Result.Result<Pipe, SocketError>) => void

/** The three things a layer must be able to do. */
export interface Backing {
  /**
   * Opens a listener for the scope's life and hands every accepted pipe to `accept`, synchronously. Succeeds with the
   * bound address. Limits are not the layer's business.
   */
  readonly listen: (
    address: NetAddress.InetAddress,
    options: ListenOptions,
    accept: Accept
  ) => Effect.Effect<NetAddress.InetAddress, SocketServerError, Scope.Scope>
  /**
   * Dials, and calls `dialed` once, during the call or later. The caller owns the pipe. Call the returned function to
   * cancel a dial that has not finished. The layer keeps the connect timeout.
   */
  readonly dial: (address: NetAddress.InetAddress, options: DialOptions, dialed: Dialed) => () => void
  /** A datagram socket, opened by acquiring its reader. */
  readonly datagram: (options: DatagramOptions) => Effect.Effect<DatagramSocket, DatagramSocketError>
}
