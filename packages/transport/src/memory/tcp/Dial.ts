/** Dials from a simulated host: chooses the local address and port, and reports how the dial ended. */
import { Duration, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { Dialed, DialOptions } from "../../Options.ts"
import * as SocketFailure from "../../SocketFailure.ts"
import type { ScheduledEvent } from "../EventHeap.ts"
import type { Host } from "../Host.ts"
import * as Subnet from "../Subnet.ts"
import { TcpSocket } from "./TcpSocket.ts"

/** Milliseconds of an optional duration. */
export const millisOf = (input: Duration.Input | undefined): number | undefined =>
  input === undefined ? undefined : Duration.toMillis(Duration.fromInputUnsafe(input))

/** The local address of a dial, or the errno of bind or connect. */
const chooseLocal = (
  host: Host,
  remote: NetAddress.InetAddress,
  from: DialOptions["from"]
): NetAddress.InetAddress | SocketFailure.Errno => {
  const target = NetAddress.formatIp(remote.address)
  const any = remote._tag === "InetAddressV4" ? "0.0.0.0" : "::"
  const wanted = from?.host === undefined ? any : NetAddress.formatIp(from.host)
  const source = Subnet.sourceFor(wanted, host, target)
  if (!host.up) return "EHOSTUNREACH"
  if (source === any || source.includes(":") !== target.includes(":") || !host.owns(source)) return "EADDRNOTAVAIL"
  const ip = source === target ? remote.address : NetAddress.ipFromStringUnsafe(source)
  const destination = NetAddress.formatInet(remote)
  const connected = (local: NetAddress.InetAddress) =>
    host.sockets.has(`${NetAddress.formatInet(local)}>${destination}`)
  const port = from?.port ?? 0
  if (port !== 0) {
    const local = NetAddress.inetAddressUnsafe(ip, port)
    if (host.portTaken(source, port)) return "EADDRINUSE"
    return connected(local) ? "EADDRNOTAVAIL" : local
  }
  const free = host.freePort((candidate) =>
    !host.portTaken(source, candidate) && !connected(NetAddress.inetAddressUnsafe(ip, candidate))
  )
  return free === undefined ? "EADDRNOTAVAIL" : NetAddress.inetAddressUnsafe(ip, free)
}

/** A dial to the wildcard address reaches this host, as on Linux. */
const resolveWildcard = (address: NetAddress.InetAddress): NetAddress.InetAddress => {
  if (!NetAddress.isUnspecified(address.address)) return address
  return NetAddress.inetAddressUnsafe(
    address._tag === "InetAddressV4" ? NetAddress.ipv4Loopback : NetAddress.ipv6Loopback,
    address.port
  )
}

const failed = (code: SocketFailure.Errno, detail: string): Result.Result<never, SocketError> =>
  Result.fail(
    code === "ETIMEDOUT"
      ? SocketFailure.openTimedOut(detail)
      : SocketFailure.openFailed(SocketFailure.systemError(code, detail))
  )

/** Dials and calls `dialed` once. Call the returned function to cancel a dial that has not finished. */
export const dial = (
  host: Host,
  address: NetAddress.InetAddress,
  options: DialOptions & { readonly dialed: Dialed }
): () => void => {
  const remote = resolveWildcard(address)
  const detail = `connect ${NetAddress.formatInet(remote)}`
  const local = chooseLocal(host, remote, options.from)
  if (typeof local === "string") {
    options.dialed(failed(local, detail))
    return () => {}
  }
  const { scheduler } = host.network
  let timeout: ScheduledEvent | undefined
  const finish: Dialed = (result) => {
    if (timeout !== undefined) timeout.cancelled = true
    options.dialed(result)
  }
  const socket = new TcpSocket({
    network: host.network,
    node: host,
    local,
    remote,
    keepAlive: millisOf(options.keepAlive),
    clogged: host.clogged,
    opened: (socket) => {
      finish(Result.succeed(socket))
      return () => {}
    },
    refused: (code) => finish(failed(code, detail)),
    removed: host.remove
  })
  host.sockets.set(socket.key, socket)
  const timeLimit = millisOf(options.connectTimeout)
  if (timeLimit !== undefined && Number.isFinite(timeLimit)) {
    timeout = scheduler.at(scheduler.now() + timeLimit, () => socket.fail("ETIMEDOUT"))
  }
  socket.open("SYN")
  return () => socket.reset()
}
