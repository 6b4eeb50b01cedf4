/** What a host of a simulated network can do for the transport seam. */
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Backing } from "../Options.ts"
import * as SocketFailure from "../SocketFailure.ts"
import * as DatagramPort from "./DatagramPort.ts"
import * as Dial from "./Dial.ts"
import type { Host } from "./Host.ts"
import type { Wire } from "./Packet.ts"

/** The backing of one host. */
export const make = (host: Host, wire: Wire): Backing => ({
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
  dial: (address, options, dialed) => Dial.dial(host, wire, address, { ...options, dialed }),
  datagram: (options) => DatagramPort.make(host, wire, options)
})
