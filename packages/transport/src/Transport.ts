/**
 * The interface between protocols and the network. Protocols use only this service: the layer `NodeTransport`
 * implements it with real sockets, `MemoryTransport` as a host of a simulated network. Addresses are Effect's
 * `NetAddress`.
 */
import { Context, Effect, Layer, type Scope } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { DatagramSocket, DatagramSocketError } from "effect/socket/DatagramSocket"
import * as Socket from "effect/socket/Socket"
import * as SocketServer from "effect/socket/SocketServer"
import * as Connection from "./Connection.ts"
import * as Listener from "./Listener.ts"
import {
  type Backing,
  checkDatagram,
  checkDial,
  checkListen,
  type DatagramOptions,
  type DialOptions,
  type ListenOptions
} from "./Options.ts"
import type { Pipe } from "./Pipe.ts"
import * as Request from "./Request.ts"

/** TCP and UDP, real or simulated. An option that cannot be is a defect, which names it. */
export class Transport extends Context.Service<Transport, {
  /**
   * Opens a listener for the scope's life. Fails with the errno of bind (EADDRINUSE, EADDRNOTAVAIL). `0.0.0.0` accepts
   * IPv4; `::` accepts IPv6 and IPv4, and reports IPv4 peers with their IPv4 addresses.
   */
  readonly listen: (
    address: NetAddress.InetAddress,
    options?: ListenOptions
  ) => Effect.Effect<Listener.Listener, SocketServer.SocketServerError, Scope.Scope>
  /**
   * A connection. Acquiring its reader dials, each time anew, and fails with a `SocketOpenError`: kind Timeout after
   * `connectTimeout`, else with an errno.
   */
  readonly dial: (address: NetAddress.InetAddress, options?: DialOptions) => Connection.Connection
  /** Dials and succeeds with a bare pipe, without a scope. The caller must close or reset it. Fails like `dial`. */
  readonly connect: (address: NetAddress.InetAddress, options?: DialOptions) => Effect.Effect<Pipe, Socket.SocketError>
  /** Dials, writes `bytes`, reads the answer, and closes. Fails when the dial or the write does. See `Request`. */
  readonly request: (
    address: NetAddress.InetAddress,
    bytes: Uint8Array,
    options?: Request.RequestOptions
  ) => Effect.Effect<Request.Answer, Socket.SocketError>
  /** `request` for many, with one fiber for all: succeeds with the outcome of each, in the same order. */
  readonly requestAll: (
    requests: ReadonlyArray<Request.Outgoing>,
    options: Request.ManyOptions
  ) => Effect.Effect<ReadonlyArray<Request.Outcome>>
  /**
   * The address of this host from which the system reaches another, so the one at which the other can reach this host.
   * `undefined` where no route leads there. Sends nothing.
   */
  readonly route: (to: NetAddress.IpAddress) => Effect.Effect<NetAddress.IpAddress | undefined>
  /** This host's addresses on its networks now: those of all interfaces but the loopback. */
  readonly addresses: Effect.Effect<ReadonlyArray<NetAddress.IpAddress>>
  /** A datagram socket. Acquiring its reader opens it, and fails with the errno of bind. */
  readonly datagram: (options: DatagramOptions) => Effect.Effect<DatagramSocket, DatagramSocketError>
  /** What this transport is built on, as plain callbacks: for a transport that is made of this one. */
  readonly backing: Backing
}>()("@peerage/transport/Transport") {}

/** Builds the service on what a layer implements. */
export const make = (backing: Backing): Transport["Service"] => {
  const connect: Transport["Service"]["connect"] = (address, options = {}) =>
    Effect.callback((resume) => {
      checkDial(options)
      return Effect.sync(backing.dial(address, options, (result) => resume(Effect.fromResult(result))))
    })
  return Transport.of({
    listen: (address, options = {}) =>
      Effect.suspend(() => {
        checkListen(options)
        return Listener.make(backing, address, options)
      }),
    dial: (address, options = {}) => Connection.fromDial(connect(address, options), options),
    connect,
    request: (address, bytes, options = {}) =>
      Effect.suspend(() => {
        checkDial(options)
        Request.checkOptions(options)
        return Request.make(backing, address, bytes, options)
      }),
    requestAll: (requests, options) =>
      Effect.suspend(() => {
        checkDial(options)
        Request.checkOptions(options)
        Request.checkMany(options)
        for (const { from } of requests) if (from !== undefined) checkDial({ from })
        return Request.makeAll(backing, requests, options)
      }),
    route: backing.route,
    addresses: backing.addresses,
    datagram: (options) =>
      Effect.suspend(() => {
        checkDatagram(options)
        return backing.datagram(options)
      }),
    backing
  })
}

/**
 * A listener as Effect's `SocketServer`, so that whatever is written for that runs on this transport: `effect/rpc`, and
 * `effect/cluster`.
 */
export const layerSocketServer = (
  address: NetAddress.InetAddress,
  options?: ListenOptions
): Layer.Layer<SocketServer.SocketServer, SocketServer.SocketServerError, Transport> =>
  Layer.effect(
    SocketServer.SocketServer,
    Effect.gen(function*() {
      const listener = yield* (yield* Transport).listen(address, options)
      return { address: listener.address, run: listener.run }
    })
  )

/** A connection as Effect's `Socket`. Each time its reader is acquired it dials anew, as `effect/rpc` does to reconnect. */
export const layerSocket = (
  address: NetAddress.InetAddress,
  options?: DialOptions
): Layer.Layer<Socket.Socket, never, Transport> =>
  Layer.effect(Socket.Socket, Effect.map(Transport, (transport) => transport.dial(address, options)))
