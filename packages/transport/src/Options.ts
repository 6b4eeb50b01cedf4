/**
 * The options of connections, listeners and datagram sockets, and the interface that a layer implements. The rest of
 * the transport is built on `Backing` once, for real and simulated networks alike.
 */
import type { Duration, Effect, Result, Scope } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { DatagramSocket, DatagramSocketError } from "effect/socket/DatagramSocket"
import type { SocketError } from "effect/socket/Socket"
import type { SocketServerError } from "effect/socket/SocketServer"
import * as OptionValue from "./OptionValue.ts"
import type { Pipe } from "./Pipe.ts"

/** Options of one end of a connection, whether it was dialed or accepted. */
export interface ConnectionOptions {
  /** True sends small writes at once instead of waiting for an ACK (TCP_NODELAY). Default false. */
  readonly noDelay?: boolean | undefined
  /**
   * Probe the peer after this long without traffic. If its host is dead, the connection fails with ETIMEDOUT about 10
   * seconds later. Real sockets round it up to whole seconds. Default: no probes.
   */
  readonly keepAlive?: Duration.Input | undefined
  /**
   * True sends RST instead of FIN when the connection's scope closes, and nothing when the writer's scope closes.
   * Default false.
   */
  readonly resetOnClose?: boolean | undefined
}

const ofConnection = { noDelay: OptionValue.flag, keepAlive: OptionValue.time, resetOnClose: OptionValue.flag }

/** Options of one dial. */
export interface DialOptions extends ConnectionOptions {
  /** Local address to dial from. Default: the system chooses it. */
  readonly from?: {
    /** A host address of this machine. Default: the system chooses it. */
    readonly host?: NetAddress.IpAddress | undefined
    /** Port 0, the default, lets the system choose. */
    readonly port?: number | undefined
  } | undefined
  /** Fail the dial after this long with a `SocketOpenError` of kind Timeout. Default: when the system gives up. */
  readonly connectTimeout?: Duration.Input | undefined
}

const checkDialing = OptionValue.checkAll("a dial", { ...ofConnection, connectTimeout: OptionValue.time })

/** Dies for options of a dial that cannot be. */
export const checkDial = (options: DialOptions): void => {
  checkDialing(options)
  OptionValue.check("from.port of a dial", options.from?.port, OptionValue.port)
}

/** Options of a listener. Limits count every open connection, also one that no handler has taken yet. */
export interface ListenOptions extends ConnectionOptions {
  /** Connections that the system holds until they are accepted, and that `overLimit: "wait"` holds. Default 511. */
  readonly backlog?: number | undefined
  /** Open connections in all. Each costs a file descriptor and about 10 KB. Default 10,000. */
  readonly maxConnections?: number | undefined
  /** Open connections from one remote address. Default: no limit. */
  readonly maxPerAddress?: number | undefined
  /** Open connections from one network: a /24 of IPv4, a /64 of IPv6. Default: no limit. */
  readonly maxPerNetwork?: number | undefined
  /**
   * "refuse" closes a connection above a limit at once; "wait" holds it until another ends, in turn by address. Default
   * "refuse". Above `maxConnections` a connection that this end has closed, and that only still sends, is reset instead.
   */
  readonly overLimit?: "refuse" | "wait" | undefined
  /** Reset a connection after this long without traffic. Default: never. */
  readonly idleLimit?: Duration.Input | undefined
}

/** Dies for options of a listener that cannot be. */
export const checkListen = OptionValue.checkAll("a listener", {
  ...ofConnection,
  backlog: OptionValue.whole,
  maxConnections: OptionValue.count,
  maxPerAddress: OptionValue.count,
  maxPerNetwork: OptionValue.count,
  overLimit: OptionValue.oneOf("refuse", "wait"),
  idleLimit: OptionValue.time
})

/** Options of a datagram socket. */
export interface DatagramOptions {
  /** Local address. For port 0 the system chooses the port. */
  readonly bind: NetAddress.InetAddress
  /** True allows sending to broadcast addresses; otherwise that fails with EACCES. Default false. */
  readonly broadcast?: boolean | undefined
  /** True lets several sockets of this host bind the same port; each receives broadcasts. Default false. */
  readonly shared?: boolean | undefined
  /** Received datagrams held for the reader; later ones are dropped. Default 1024. */
  readonly capacity?: number | undefined
}

/** Dies for options of a datagram socket that cannot be. */
export const checkDatagram = OptionValue.checkAll("a datagram socket", {
  broadcast: OptionValue.flag,
  shared: OptionValue.flag,
  capacity: OptionValue.count
})

/** Takes an accepted pipe. The returned function is called once, when that pipe's socket is freed. */
export type Accept = (pipe: Pipe) => () => void

/** Takes the result of a dial: a live pipe, or the `SocketOpenError` it failed with. */
export type Dialed = (result: Result.Result<Pipe, SocketError>) => void

/** What a layer implements. */
export interface Backing {
  /**
   * Opens a listener for the scope's life and passes every accepted pipe to `accept`, synchronously. Succeeds with the
   * bound address. The limits in `options` are not for the layer: `Listener` applies them.
   */
  readonly listen: (
    address: NetAddress.InetAddress,
    options: ListenOptions,
    accept: Accept
  ) => Effect.Effect<NetAddress.InetAddress, SocketServerError, Scope.Scope>
  /**
   * Dials, and calls `dialed` once, during the call or later. The caller owns the pipe. Call the returned function to
   * cancel a dial that has not finished. The layer applies the connect timeout.
   */
  readonly dial: (address: NetAddress.InetAddress, options: DialOptions, dialed: Dialed) => () => void
  /** The address of this host from which it reaches another; `undefined` where no route leads there. */
  readonly route: (to: NetAddress.IpAddress) => Effect.Effect<NetAddress.IpAddress | undefined>
  /** This host's addresses on its networks: those of all interfaces but the loopback. */
  readonly addresses: Effect.Effect<ReadonlyArray<NetAddress.IpAddress>>
  /** A datagram socket, opened by acquiring its reader. */
  readonly datagram: (options: DatagramOptions) => Effect.Effect<DatagramSocket, DatagramSocketError>
}
