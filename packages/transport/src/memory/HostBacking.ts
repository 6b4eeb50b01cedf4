/** The `Backing` of a simulated host. */
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Backing } from "../Options.ts"
import * as SocketFailure from "../SocketFailure.ts"
import { type Host, isLoopback } from "./Host.ts"
import * as Subnet from "./Subnet.ts"
import * as Dial from "./tcp/Dial.ts"
import * as UdpSocket from "./UdpSocket.ts"

/** What the transport of this host is built on. */
export const make = (host: Host): Backing => ({
  listen: (address, options, accept) =>
    Effect.acquireRelease(
      Effect.suspend(() => {
        const bound = host.listen(address, { keepAlive: Dial.millisOf(options.keepAlive), accept })
        return typeof bound === "string"
          ? Effect.fail(SocketFailure.listenFailed(
            SocketFailure.systemError(bound, `listen ${NetAddress.formatInet(address)}`)
          ))
          : Effect.succeed(bound)
      }),
      (bound) => Effect.sync(() => host.unlisten(bound))
    ).pipe(Effect.map(({ address }) => address)),
  route: (to) =>
    Effect.sync(() => {
      const any = NetAddress.formatIp(
        NetAddress.isIpv4Address(to) ? NetAddress.ipv4Unspecified : NetAddress.ipv6Unspecified
      )
      const source = Subnet.sourceFor(any, host, NetAddress.formatIp(to))
      return source === any ? undefined : NetAddress.ipFromStringUnsafe(source)
    }),
  addresses: Effect.sync(() =>
    host.addresses.filter((address) => !isLoopback(address)).map(NetAddress.ipFromStringUnsafe)
  ),
  dial: (address, options, dialed) => Dial.dial(host, address, { ...options, dialed }),
  datagram: (options) => UdpSocket.make(host, options)
})
