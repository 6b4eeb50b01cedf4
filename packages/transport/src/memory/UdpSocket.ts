/** A simulated UDP socket: the backing socket of Effect's `DatagramSocket`. */
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as DatagramSocket from "effect/socket/DatagramSocket"
import type { DatagramOptions } from "../Options.ts"
import * as SocketFailure from "../SocketFailure.ts"
import type { Host } from "./Host.ts"
import type { UdpPacket } from "./Packet.ts"
import * as Subnet from "./Subnet.ts"

const maximumLength = 65_507 // 65,535 less 20 bytes of IPv4 header and 8 of UDP header

/** An open UDP socket, as its host uses it. */
export interface UdpSocket {
  /** IP address as bound. */
  readonly host: string
  readonly port: number
  readonly shared: boolean
  /** Delivers a datagram that came from this host and port. */
  readonly deliver: (bytes: Uint8Array, host: string, port: number) => void
  /** Fails the socket because its host died. */
  readonly fail: () => void
}

const error = (reason: DatagramSocket.DatagramSocketError["reason"]) =>
  new DatagramSocket.DatagramSocketError({ reason })

const openFailed = (kind: "AddressInUse" | "AddressNotAvailable", code: SocketFailure.Errno, detail: string) =>
  error(new DatagramSocket.DatagramSocketOpenError({ kind, cause: SocketFailure.systemError(code, detail) }))

const writeFailed = (kind: DatagramSocket.IoErrorKind, code: SocketFailure.Errno, detail: string) =>
  error(new DatagramSocket.DatagramSocketWriteError({ kind, cause: SocketFailure.systemError(code, detail) }))

const hostDied = () => {
  const cause = SocketFailure.systemError("ECONNABORTED", "the host died")
  return error(new DatagramSocket.DatagramSocketReadError({ kind: "Unknown", cause }))
}

const noMulticast = error(
  new DatagramSocket.DatagramSocketUnsupportedError({ capability: "multicast", runtime: "MemoryNetwork" })
)

/** Why a datagram cannot be sent; `undefined` when it can. */
const sendFailure = (
  host: Host,
  options: DatagramOptions,
  bytes: Uint8Array,
  destination: string
): DatagramSocket.DatagramSocketError | undefined => {
  if (bytes.length > maximumLength) return writeFailed("MessageTooLarge", "EMSGSIZE", `${bytes.length} bytes`)
  if (!host.up) return writeFailed("Unreachable", "EHOSTUNREACH", "the host is dead")
  if (destination.includes(":") !== NetAddress.isInetAddressV6(options.bind)) {
    return writeFailed("Unknown", "EINVAL", `${destination} has another address family than the socket`)
  }
  if (options.broadcast !== true && Subnet.isBroadcast(destination, host.addresses, host.network.settings.prefix)) {
    return writeFailed("PermissionDenied", "EACCES", `${destination} is a broadcast address`)
  }
  return undefined
}

/** The address and port that a socket is bound to. */
interface Bound {
  readonly host: string
  readonly port: number
}

const bind = (host: Host, options: DatagramOptions): Bound | DatagramSocket.DatagramSocketError => {
  const address = NetAddress.formatIp(options.bind.address)
  const shared = options.shared === true
  if (!host.up || (!NetAddress.isUnspecified(options.bind.address) && !host.owns(address))) {
    return openFailed("AddressNotAvailable", "EADDRNOTAVAIL", address)
  }
  const port = options.bind.port === 0
    ? host.freePort((candidate) => !host.udpPortTaken(address, candidate, false))
    : options.bind.port
  if (port === undefined || host.udpPortTaken(address, port, shared)) {
    return openFailed("AddressInUse", "EADDRINUSE", `${address} port ${options.bind.port}`)
  }
  return { host: address, port }
}

/** A datagram socket of `host`. Acquiring its reader opens it. */
export const make = (
  host: Host,
  options: DatagramOptions
): Effect.Effect<DatagramSocket.DatagramSocket> =>
  DatagramSocket.makeFromBackingSocket((events) =>
    Effect.suspend(() => {
      const bound = bind(host, options)
      return DatagramSocket.isDatagramSocketError(bound)
        ? Effect.fail(bound)
        : Effect.succeed(open(host, options, bound, events))
    }), { receiveBuffer: { capacity: options.capacity } })

const text = (host: string, port: number): string => host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`

const packetTo = (from: Host, bound: Bound, bytes: Uint8Array, { host, port }: Bound): UdpPacket => {
  const sourceHost = Subnet.sourceFor(bound.host, from, host)
  return {
    from,
    kind: "DATAGRAM",
    addresses: { source: text(sourceHost, bound.port), destination: text(host, port), host },
    sourceHost,
    sourcePort: bound.port,
    port,
    bytes,
    again: false
  }
}

const open = (
  host: Host,
  options: DatagramOptions,
  bound: Bound,
  events: DatagramSocket.BackingEvents
): DatagramSocket.BackingSocket => {
  const socket: UdpSocket = {
    ...bound,
    shared: options.shared === true,
    deliver: events.onPacket,
    fail: () => events.onReadError(hostDied())
  }
  host.udpSockets.add(socket)
  const send = (bytes: Uint8Array, to: DatagramSocket.BackingAddress | undefined) => {
    if (to === undefined) return writeFailed("Unknown", "EINVAL", "a datagram needs a destination")
    const failed = sendFailure(host, options, bytes, to.host)
    if (failed !== undefined) return failed
    host.network.sendUdp(packetTo(host, bound, bytes.slice(), to))
    return undefined
  }
  return {
    address: bound,
    send: (bytes, to, done) => done(send(bytes, to)),
    sendMany: (all, destinations, done) => {
      for (const [index, bytes] of all.entries()) {
        const failed = send(bytes, destinations[index])
        if (failed !== undefined) return done(failed, index)
      }
      done()
    },
    joinMulticast: () => Effect.fail(noMulticast),
    close: () => host.udpSockets.delete(socket)
  }
}
