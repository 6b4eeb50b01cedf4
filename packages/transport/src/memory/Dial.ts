/** Dialing from a simulated host: which address and port it comes from, and what may go wrong. */
import { Duration, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Dialed, DialOptions } from "../Options.ts"
import * as SocketFailure from "../SocketFailure.ts"
import type { Event } from "./Heap.ts"
import type { Host } from "./Host.ts"
import { MemoryPipe } from "./MemoryPipe.ts"
import type { Wire } from "./Packet.ts"
import * as Subnet from "./Subnet.ts"

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
  const source = Subnet.sourceFor(wanted, host.addresses, target)
  if (!host.up) return "EHOSTUNREACH"
  if (source === any || source.includes(":") !== target.includes(":") || !host.owns(source)) return "EADDRNOTAVAIL"
  const ip = source === target ? remote.address : NetAddress.ipFromStringUnsafe(source)
  const destination = NetAddress.formatInet(remote)
  const connected = (local: NetAddress.InetAddress) =>
    host.sockets.has(`${NetAddress.formatInet(local)}>${destination}`)
  const port = from?.port ?? 0
  if (port !== 0) {
    const local = NetAddress.inetAddressUnsafe(ip, port)
    if (host.taken(source, port)) return "EADDRINUSE"
    return connected(local) ? "EADDRNOTAVAIL" : local
  }
  const free = host.ephemeral((candidate) =>
    !host.taken(source, candidate) && !connected(NetAddress.inetAddressUnsafe(ip, candidate))
  )
  return free === undefined ? "EADDRNOTAVAIL" : NetAddress.inetAddressUnsafe(ip, free)
}

/** To dial nobody's address in particular is to dial this host, as on Linux. */
const concrete = (address: NetAddress.InetAddress): NetAddress.InetAddress => {
  if (!NetAddress.isUnspecified(address.address)) return address
  return NetAddress.inetAddressUnsafe(
    address._tag === "InetAddressV4" ? NetAddress.ipv4Loopback : NetAddress.ipv6Loopback,
    address.port
  )
}

/** Dials, and tells how it went. What it returns abandons the dial. */
export const dial = (
  host: Host,
  wire: Wire,
  address: NetAddress.InetAddress,
  options: DialOptions & { readonly dialed: Dialed }
): () => void => {
  const remote = concrete(address)
  const detail = `connect ${NetAddress.formatInet(remote)}`
  const local = chooseLocal(host, remote, options.from)
  if (typeof local === "string") {
    options.dialed(Result.fail(SocketFailure.openFailed(SocketFailure.systemError(local, detail))))
    return () => {}
  }
  let timeout: Event | undefined
  const settle: Dialed = (result) => {
    if (timeout !== undefined) timeout.cancelled = true
    options.dialed(result)
  }
  const pipe = new MemoryPipe({
    wire,
    node: host,
    local,
    remote,
    keepAlive: millisOf(options.keepAlive),
    clogged: host.clogged,
    opened: (pipe) => {
      settle(Result.succeed(pipe))
      return () => {}
    },
    refused: (code) =>
      settle(Result.fail(
        code === "ETIMEDOUT"
          ? SocketFailure.openTimedOut(detail)
          : SocketFailure.openFailed(SocketFailure.systemError(code, detail))
      )),
    gone: host.forget
  })
  host.sockets.set(pipe.key, pipe)
  const patience = millisOf(options.connectTimeout)
  if (patience !== undefined && Number.isFinite(patience)) {
    timeout = wire.scheduler.at(wire.scheduler.now() + patience, () => pipe.fail("ETIMEDOUT"))
  }
  pipe.greet("SYN")
  return () => pipe.reset()
}
