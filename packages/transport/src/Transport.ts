/**
 * The seam between protocols and the network. Everything above is written against this service; `NodeTransport` gives
 * real sockets, `MemoryTransport` a host of a simulated network. Addresses are Effect's own `NetAddress`.
 */
import { Context, Effect, type Scope } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { DatagramSocket, DatagramSocketError } from "effect/socket/DatagramSocket"
import type { SocketError } from "effect/socket/Socket"
import type { SocketServerError } from "effect/socket/SocketServer"
import * as Connection from "./Connection.ts"
import * as Listener from "./Listener.ts"
import type { Backing, DatagramOptions, DialOptions, ListenOptions } from "./Options.ts"
import type { Pipe } from "./Pipe.ts"
import * as Request from "./Request.ts"

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
  /** Dials at once and gives the bare pipe, without a scope. The caller must close or reset it. */
  readonly connect: (address: NetAddress.InetAddress, options?: DialOptions) => Effect.Effect<Pipe, SocketError>
  /** Dials, writes once, reads the answer, and closes: one message over a connection of its own. See `Request`. */
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
