/** A simulated UDP socket: the backing of Effect's `DatagramSocket`. */
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as DatagramSocket from "effect/socket/DatagramSocket"
import type { DatagramOptions } from "../Options.ts"
import * as SocketFailure from "../SocketFailure.ts"
import type { Host } from "./Host.ts"
import type { Wire } from "./Packet.ts"
import * as Subnet from "./Subnet.ts"

const longest = 65_507 // 65,535 less 20 bytes of IPv4 header and 8 of UDP header

/** An open UDP socket as the network sees it. */
export interface DatagramPort {
  readonly host: string
  readonly port: number
  readonly shared: boolean
  readonly deliver: (bytes: Uint8Array, host: string, port: number) => void
  /** Its host died. */
  readonly fail: () => void
}

type WriteKind = DatagramSocket.IoErrorKind

const openFailed = (kind: "AddressInUse" | "AddressNotAvailable", code: SocketFailure.Errno, detail: string) =>
  new DatagramSocket.DatagramSocketError({
    reason: new DatagramSocket.DatagramSocketOpenError({ kind, cause: SocketFailure.systemError(code, detail) })
  })

const writeFailed = (kind: WriteKind, code: SocketFailure.Errno, detail: string) =>
  new DatagramSocket.DatagramSocketError({
    reason: new DatagramSocket.DatagramSocketWriteError({ kind, cause: SocketFailure.systemError(code, detail) })
  })

const hostDied = () =>
  new DatagramSocket.DatagramSocketError({
    reason: new DatagramSocket.DatagramSocketReadError({
      kind: "Unknown",
      cause: SocketFailure.systemError("ECONNABORTED", "the host died")
    })
  })

const noMulticast = new DatagramSocket.DatagramSocketError({
  reason: new DatagramSocket.DatagramSocketUnsupportedError({ capability: "multicast", runtime: "MemoryNetwork" })
})

/** Why a datagram cannot be sent; `undefined` when it can. */
const obstacle = (
  host: Host,
  wire: Wire,
  options: DatagramOptions,
  bytes: Uint8Array,
  destination: string
): DatagramSocket.DatagramSocketError | undefined => {
  if (bytes.length > longest) return writeFailed("MessageTooLarge", "EMSGSIZE", `${bytes.length} bytes`)
  if (!host.up) return writeFailed("Unreachable", "EHOSTUNREACH", "the host is dead")
  if (destination.includes(":") !== NetAddress.isInetAddressV6(options.bind)) {
    return writeFailed("Unknown", "EINVAL", `${destination} is of another address family`)
  }
  if (options.broadcast !== true && Subnet.isBroadcast(destination, host.addresses, wire.settings.prefix)) {
    return writeFailed("PermissionDenied", "EACCES", `${destination} is a broadcast address`)
  }
  return undefined
}

/** Where a datagram socket is bound. */
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
    ? host.ephemeral((candidate) => !host.takenForDatagrams(address, candidate, false))
    : options.bind.port
  if (port === undefined || host.takenForDatagrams(address, port, shared)) {
    return openFailed("AddressInUse", "EADDRINUSE", `${address} port ${options.bind.port}`)
  }
  return { host: address, port }
}

/** Opens sockets of `host`, one per acquired reader. */
export const make = (host: Host, wire: Wire, options: DatagramOptions): Effect.Effect<DatagramSocket.DatagramSocket> =>
  DatagramSocket.makeFromBackingSocket((events) =>
    Effect.suspend(() => {
      const bound = bind(host, options)
      return DatagramSocket.isDatagramSocketError(bound)
        ? Effect.fail(bound)
        : Effect.succeed(open(host, wire, options, bound, events))
    }), { receiveBuffer: { capacity: options.capacity } })

const open = (
  host: Host,
  wire: Wire,
  options: DatagramOptions,
  bound: Bound,
  events: DatagramSocket.BackingEvents
): DatagramSocket.BackingSocket => {
  const port: DatagramPort = {
    ...bound,
    shared: options.shared === true,
    deliver: events.onPacket,
    fail: () => events.onReadError(hostDied())
  }
  host.datagrams.add(port)
  const send = (bytes: Uint8Array, to: DatagramSocket.BackingAddress | undefined) => {
    if (to === undefined) return writeFailed("Unknown", "EINVAL", "no destination")
    const failed = obstacle(host, wire, options, bytes, to.host)
    if (failed !== undefined) return failed
    wire.post({
      from: host,
      sourceHost: Subnet.sourceFor(bound.host, host.addresses, to.host),
      sourcePort: bound.port,
      host: to.host,
      port: to.port,
      bytes: bytes.slice()
    })
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
    close: () => host.datagrams.delete(port)
  }
}
