/**
 * Dials with `net.connect`. A dial that fails, times out or is interrupted leaves no socket behind.
 *
 * A local port is bound with SO_REUSEADDR, as Node always does: dialing again from a port still in TIME_WAIT works. A
 * port that another socket listens on is EADDRINUSE, one already connected to the same remote address EADDRNOTAVAIL.
 */
import { type Clock, Duration, Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import * as Net from "node:net"
import type { Pipe } from "../Pipe.ts"
import * as SocketFailure from "../SocketFailure.ts"
import type { DialOptions } from "../Transport.ts"
import * as NodeAddress from "./NodeAddress.ts"
import * as NodePipe from "./NodePipe.ts"
import * as SocketOptions from "./SocketOptions.ts"

const open = (address: NetAddress.InetAddress, { from, ...options }: DialOptions): Net.Socket =>
  Net.connect({
    ...SocketOptions.make(options),
    host: NodeAddress.host(address),
    port: address.port,
    allowHalfOpen: true,
    localAddress: from?.host === undefined ? undefined : NetAddress.formatIp(from.host),
    localPort: from?.port
  })

const established = (socket: Net.Socket, clock: Clock.Clock): Effect.Effect<Pipe, SocketError> =>
  Effect.callback((resume) => {
    const refused = (cause: Error) => resume(Effect.fail(SocketFailure.openFailed(cause)))
    socket.once("error", refused)
    socket.once("connect", () => {
      const ends = NodeAddress.ends(socket)
      if (ends === undefined) return socket.destroy(SocketFailure.systemError("ECONNRESET", "reset while connecting"))
      const pipe = NodePipe.make(socket, ends, clock)
      socket.off("error", refused)
      resume(Effect.succeed(pipe))
    })
  })

/** Dials. Fails with a `SocketOpenError`: kind Timeout after `connectTimeout`, else Unknown with Node's own error. */
export const connect = (
  address: NetAddress.InetAddress,
  options: DialOptions,
  clock: Clock.Clock
): Effect.Effect<Pipe, SocketError> =>
  Effect.suspend(() => {
    const socket = open(address, options)
    const dialed = established(socket, clock)
    const timed = options.connectTimeout === undefined ? dialed : Effect.timeoutOrElse(dialed, {
      duration: options.connectTimeout,
      orElse: () =>
        Effect.suspend(() => {
          socket.destroy()
          const patience = Duration.format(Duration.fromInputUnsafe(options.connectTimeout ?? 0))
          return Effect.fail(SocketFailure.openTimedOut(`no answer from ${address} within ${patience}`))
        })
    })
    return Effect.onInterrupt(timed, () => Effect.sync(() => socket.destroy()))
  })
