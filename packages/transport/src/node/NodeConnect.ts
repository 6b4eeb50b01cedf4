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
import * as Patience from "../Patience.ts"
import type { Pipe } from "../Pipe.ts"
import * as SocketFailure from "../SocketFailure.ts"
import type { DialOptions } from "../Transport.ts"
import * as NodeAddress from "./NodeAddress.ts"
import * as NodePipe from "./NodePipe.ts"
import type * as NodeSource from "./NodeSource.ts"
import * as SocketOptions from "./SocketOptions.ts"

/** What dials of one transport have in common. */
export interface Dialing {
  readonly clock: Clock.Clock
  readonly sources: NodeSource.Sources
}

type Resume = (result: Effect.Effect<Pipe, SocketError>) => void

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

/** Resumes with the pipe, or with what `unless` makes of where it comes from. Returns how to give up. */
const established = (
  socket: Net.Socket,
  remote: NetAddress.InetAddress,
  { clock }: Dialing,
  unless: (local: NetAddress.InetAddress) => Effect.Effect<Pipe, SocketError> | undefined
) =>
(resume: Resume): () => void => {
  const refused = (cause: Error) => resume(Effect.fail(SocketFailure.openFailed(cause)))
  socket.once("error", refused)
  socket.once("connect", () => {
    const ends = NodeAddress.ends(socket, { remote })
    if (ends === undefined) return socket.destroy(SocketFailure.systemError("ECONNRESET", "reset while connecting"))
    socket.off("error", refused)
    resume(unless(ends.local) ?? Effect.succeed(NodePipe.make(socket, ends, clock)))
  })
  return () => socket.destroy()
}

/** Dials once, from `bound` or from where the system likes. */
const dial = (
  address: NetAddress.InetAddress,
  options: DialOptions,
  dialing: Dialing,
  bound: string | undefined,
  unless: (local: NetAddress.InetAddress) => Effect.Effect<Pipe, SocketError> | undefined
): Effect.Effect<Pipe, SocketError> =>
  Effect.suspend(() => {
    const socket = open(address, options, bound)
    const dialed = established(socket, address, dialing, (local) => {
      const instead = unless(local)
      if (instead !== undefined) socket.on("error", () => {}).destroy()
      return instead
    })
    if (options.connectTimeout === undefined) {
      return Effect.callback((resume) => Effect.sync(dialed(resume)))
    }
    const patience = Duration.fromInputUnsafe(options.connectTimeout)
    const late = () =>
      Effect.fail(SocketFailure.openTimedOut(`no answer from ${address} within ${Duration.format(patience)}`))
    return Patience.wait(patience, dialed, late)
  })

/** Dials. Fails with a `SocketOpenError`: kind Timeout after `connectTimeout`, else Unknown with Node's own error. */
export const connect = (
  address: NetAddress.InetAddress,
  options: DialOptions,
  dialing: Dialing
): Effect.Effect<Pipe, SocketError> =>
  Effect.suspend(() => {
    const { host, port = 0 } = options.from ?? {}
    if (host === undefined) return dial(address, options, dialing, undefined, () => undefined)
    const source = NetAddress.formatIp(host)
    const bound = dial(address, options, dialing, source, () => undefined)
    if (port !== 0 || !dialing.sources.expects(source, address)) return bound
    return dial(address, options, dialing, undefined, (local) => {
      if (NetAddress.formatIp(local.address) === source) return undefined
      dialing.sources.forget(address)
      return bound
    })
  })
