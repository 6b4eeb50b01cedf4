/**
 * The seam between protocols and the network. Everything above is written against this service; `NodeTransport` gives
 * real sockets, `MemoryTransport` a host of a simulated network. Addresses are Effect's own `NetAddress`.
 */
import { Context, type Duration, Effect, type Result, type Scope } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { DatagramSocket, DatagramSocketError } from "effect/socket/DatagramSocket"
import type { SocketError } from "effect/socket/Socket"
import type { SocketServerError } from "effect/socket/SocketServer"
import * as Connection from "./Connection.ts"
import * as Listener from "./Listener.ts"
import type { Pipe } from "./Pipe.ts"
import * as Request from "./Request.ts"

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
  /** Give up after this long with a `SocketOpenError` of kind Timeout. Default: the system's own patience. */
  readonly connectTimeout?: Duration.Input | undefined
}

/** Options of a listener. Limits count open connections, also those nobody has taken yet. */
export interface ListenOptions extends ConnectionOptions {
  /** Connections the system holds before they are accepted. Default 511. */
  readonly backlog?: number | undefined
  /** Open connections in all. Default 10,000; a larger value costs a file descriptor and some 10 KB each. */
  readonly maxConnections?: number | undefined
  /** Open connections from one remote address. Default: no limit. */
  readonly maxPerAddress?: number | undefined
  /** What a connection above a limit meets: closed at once, or left waiting until one ends. Default "refuse". */
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

/** Takes an accepted pipe; what it returns is called once when that pipe's socket is freed. */
export type Accept = (pipe: Pipe) => () => void

/** How a dial went. */
export type Dialed = (result: Result.Result<Pipe, SocketError>) => void

/** The three things a layer must be able to do. The rest of `Transport` is the same for all and built by `make`. */
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
   * Dials, and tells how it went, once: a failure at once or later, a pipe later, and that is the caller's. What it returns
   * abandons the dial, unless it was told of. The connect timeout is the layer's to keep.
   */
  readonly dial: (address: NetAddress.InetAddress, options: DialOptions, dialed: Dialed) => () => void
  /** A datagram socket, opened by acquiring its reader. */
  readonly datagram: (options: DatagramOptions) => Effect.Effect<DatagramSocket, DatagramSocketError>
}

/** TCP and UDP, real or simulated. */
export class Transport extends Context.Service<Transport, {
  /**
   * Listens for the scope's life. Fails with the errno of bind (EADDRINUSE, EADDRNOTAVAIL). `0.0.0.0` accepts IPv4,
   * `::` accepts IPv6 and IPv4, whose peers appear with their IPv4 addresses.
   */
  readonly listen: (
    address: NetAddress.InetAddress,
    options?: ListenOptions
  ) => Effect.Effect<Listener.Listener, SocketServerError, Scope.Scope>
  /** A connection that dials when its reader is acquired, anew each time. */
  readonly dial: (address: NetAddress.InetAddress, options?: DialOptions) => Connection.Connection
  /** Lower door: dials at once. The caller must close or reset the pipe. */
  readonly connect: (address: NetAddress.InetAddress, options?: DialOptions) => Effect.Effect<Pipe, SocketError>
  /** Lower door: dials, writes once, reads the answer, and is gone. See `Request`. */
  readonly request: (
    address: NetAddress.InetAddress,
    bytes: Uint8Array,
    options?: Request.RequestOptions
  ) => Effect.Effect<Request.Answer, SocketError>
  /** A datagram socket, opened by acquiring its reader. */
  readonly datagram: (options: DatagramOptions) => Effect.Effect<DatagramSocket, DatagramSocketError>
}>()("@peerage/transport/Transport") {}

/** Builds the whole service from what a layer can do. */
export const make = (backing: Backing): Transport["Service"] => {
  const connect: Transport["Service"]["connect"] = (address, options = {}) =>
    Effect.callback((resume) =>
      Effect.sync(backing.dial(address, options, (result) => resume(Effect.fromResult(result))))
    )
  return Transport.of({
    listen: (address, options = {}) => Listener.make(backing, address, options),
    dial: (address, options = {}) => Connection.fromDial(connect(address, options), options),
    connect,
    request: (address, bytes, options = {}) => Request.make(backing, address, bytes, options),
    datagram: backing.datagram
  })
}
