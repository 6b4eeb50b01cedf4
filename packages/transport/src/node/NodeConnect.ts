/**
 * Dials with `net.connect`. A dial that fails, times out or is abandoned leaves no socket behind.
 *
 * A local port is bound with SO_REUSEADDR, as Node always does: dialing again from a port still in TIME_WAIT works. A
 * port that another socket listens on is EADDRINUSE, one already connected to the same remote address EADDRNOTAVAIL.
 */
import { type Clock, type Context, Duration, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Net from "node:net"
import type { Dialed, DialOptions } from "../Options.ts"
import * as SocketFailure from "../SocketFailure.ts"
import * as Timeouts from "../Timeouts.ts"
import * as NodeAddress from "./NodeAddress.ts"
import * as NodePipe from "./NodePipe.ts"
import type * as NodeSource from "./NodeSource.ts"
import * as SocketOptions from "./SocketOptions.ts"

/** What dials of one transport have in common. */
export interface Dialing {
  readonly clock: Clock.Clock
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

/** Dials once, from `bound` or from where the system likes. */
const dialFrom = (
  bound: string | undefined,
  address: NetAddress.InetAddress,
  options: DialOptions,
  { clock, services }: Dialing,
  dialed: Dialed
): () => void => {
  const socket = open(address, options, bound)
  let leave = () => {}
  const refused = (cause: Error) => {
    leave()
    dialed(Result.fail(SocketFailure.openFailed(cause)))
  }
  socket.once("error", refused)
  socket.once("connect", () => {
    const ends = NodeAddress.ends(socket, { remote: address })
    if (ends === undefined) return socket.destroy(SocketFailure.systemError("ECONNRESET", "reset while connecting"))
    socket.off("error", refused)
    leave()
    dialed(Result.succeed(NodePipe.make(socket, ends, clock)))
  })
  if (options.connectTimeout !== undefined) {
    const patience = Duration.fromInputUnsafe(options.connectTimeout)
    leave = Timeouts.start(patience, services, () => {
      socket.destroy()
      dialed(Result.fail(SocketFailure.openTimedOut(`no answer from ${address} within ${Duration.format(patience)}`)))
    })
  }
  return () => {
    leave()
    socket.destroy()
  }
}

/** Dials. Fails with a `SocketOpenError`: kind Timeout after `connectTimeout`, else Unknown with Node's own error. */
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
  let abandon = dialFrom(undefined, address, options, dialing, (result) => {
    if (Result.isFailure(result) || NetAddress.formatIp(result.success.local.address) === source) return dialed(result)
    dialing.sources.forget(address)
    result.success.closeAtOnce()
    abandon = dialFrom(source, address, options, dialing, dialed)
  })
  return () => abandon()
}
