/**
 * Dials with `net.connect`. A dial that fails, times out or is cancelled leaves no socket open.
 *
 * Node binds a local port with SO_REUSEADDR, so a dial from a port in TIME_WAIT works. A dial fails with EADDRINUSE
 * from a port that another socket listens on, and with EADDRNOTAVAIL from a port already connected to the same remote
 * address.
 */
import { type Context, Duration, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Net from "node:net"
import type { Dialed, DialOptions } from "../Options.ts"
import * as SocketFailure from "../SocketFailure.ts"
import * as Timeouts from "../Timeouts.ts"
import * as NodeAddress from "./NodeAddress.ts"
import * as NodePipe from "./NodePipe.ts"
import type * as NodeSource from "./NodeSource.ts"
import * as SocketOptions from "./SocketOptions.ts"

/** What all dials of one transport share. */
export interface Dialing {
  readonly system: NodePipe.System
  readonly services: Context.Context<never>
  readonly sources: NodeSource.Sources
}

const open = (
  address: NetAddress.InetAddress,
  { from, ...options }: DialOptions,
  localAddress: string | undefined
): Net.Socket =>
  Net.connect({
    ...SocketOptions.make(options),
    host: NodeAddress.host(address),
    port: address.port,
    allowHalfOpen: true,
    localAddress,
    localPort: from?.port
  })

/** Dials once, from the local address `source` or, if it is undefined, from the one that the system chooses. */
const dialFrom = (
  source: string | undefined,
  address: NetAddress.InetAddress,
  options: DialOptions,
  { services, system }: Dialing,
  dialed: Dialed
): () => void => {
  const socket = open(address, options, source)
  let cancelTimeout = () => {}
  const fail = (cause: Error) => {
    cancelTimeout()
    dialed(Result.fail(SocketFailure.openFailed(cause)))
  }
  socket.once("error", fail)
  socket.once("connect", () => {
    const ends = NodeAddress.ends(socket, { remote: address })
    if (ends === undefined) return socket.destroy(SocketFailure.systemError("ECONNRESET", "reset while connecting"))
    socket.off("error", fail)
    cancelTimeout()
    dialed(Result.succeed(NodePipe.make(socket, ends, system)))
  })
  if (options.connectTimeout !== undefined) {
    const within = Duration.fromInputUnsafe(options.connectTimeout)
    cancelTimeout = Timeouts.start(within, services, () => {
      socket.destroy()
      dialed(Result.fail(SocketFailure.openTimedOut(`no answer from ${address} within ${Duration.format(within)}`)))
    })
  }
  return () => {
    cancelTimeout()
    socket.destroy()
  }
}

/**
 * Dials, and calls `dialed` once. Fails with a `SocketOpenError`: kind Timeout after `connectTimeout`, else Unknown
 * with Node's own error. Call the returned function to cancel a dial that has not finished.
 */
export const dial = (
  address: NetAddress.InetAddress,
  options: DialOptions,
  dialing: Dialing,
  dialed: Dialed
): () => void => {
  const { host, port = 0 } = options.from ?? {}
  const source = host === undefined ? undefined : NetAddress.formatIp(host)
  if (source === undefined || port !== 0 || !dialing.sources.expects(source, address)) {
    return dialFrom(source, address, options, dialing, dialed)
  }
  let cancel = dialFrom(undefined, address, options, dialing, (result) => {
    if (Result.isFailure(result) || NetAddress.formatIp(result.success.local.address) === source) return dialed(result)
    dialing.sources.forget(address)
    result.success.closeAtOnce()
    cancel = dialFrom(source, address, options, dialing, dialed)
  })
  return () => cancel()
}
