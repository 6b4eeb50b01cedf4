/**
 * From which of this host's addresses the system dials another host when no address is bound.
 *
 * Binding a socket before it dials costs a sixth of a short connection, and takes the port for all destinations instead
 * of one. So a dial from the address that the system would choose anyway is not bound. The choice is learned in the
 * background, from a connected UDP socket that sends nothing. Routes change, so the caller must check the local address
 * of the connection. `route` asks anew each time.
 */
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Dgram from "node:dgram"
import * as NodeAddress from "./NodeAddress.ts"

/** The system's choices, as far as they are known. */
export interface Sources {
  /** True when an unbound dial to `address` should come from `source`. Asks the system when that is not known yet. */
  readonly expects: (source: string, address: NetAddress.InetAddress) => boolean
  /** Forgets the choice for this address, because the system chose otherwise. */
  readonly forget: (address: NetAddress.InetAddress) => void
}

/** Hosts kept; all are dropped when there would be more. */
const maxKnown = 4096

/** Any port will do: nothing is sent to it. */
const anyPort = 9

/** Asks the system from which address it sends to a host. `told` gets `undefined` where there is no route to it. */
const ask = (host: string, told: (address: string | undefined) => void): void => {
  const socket = Dgram.createSocket(host.includes(":") ? "udp6" : "udp4").unref()
  socket.once("error", () => {
    socket.close()
    told(undefined)
  })
  socket.connect(anyPort, host, () => {
    const { address } = socket.address()
    socket.close()
    told(address)
  })
}

/** The address of this host from which the system reaches another; `undefined` where no route leads there. */
export const route = (to: NetAddress.IpAddress): Effect.Effect<NetAddress.IpAddress | undefined> =>
  Effect.callback((resume) =>
    ask(
      NetAddress.formatIp(to),
      (address) => resume(Effect.succeed(address === undefined ? address : NetAddress.ipFromStringUnsafe(address)))
    )
  )

/** Creates an empty table. */
export const make = (): Sources => {
  const known = new Map<string, string | undefined>()

  const learn = (host: string) => {
    if (known.size >= maxKnown) known.clear()
    known.set(host, undefined)
    // Without a route to the host, dials to it are bound, and fail.
    ask(host, (address) => address === undefined ? undefined : known.set(host, address))
  }

  return {
    expects: (source, address) => {
      const host = NodeAddress.host(address)
      if (!known.has(host)) learn(host)
      return known.get(host) === source
    },
    forget: (address) => known.delete(NodeAddress.host(address))
  }
}
