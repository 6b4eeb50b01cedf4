/**
 * From which of this host's addresses the system dials another host when no address is bound.
 *
 * Binding a socket before it dials costs a sixth of a short connection, and takes the port for all destinations instead
 * of one. So a dial from the address that the system would choose anyway is not bound. The choice is learned in the
 * background, from a connected UDP socket that sends nothing. Routes change, so the caller must check the local address
 * of the connection.
 */
import type * as NetAddress from "effect/net/NetAddress"
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

/** Creates an empty table. */
export const make = (): Sources => {
  const known = new Map<string, string | undefined>()

  const ask = (host: string) => {
    if (known.size >= maxKnown) known.clear()
    known.set(host, undefined)
    const socket = Dgram.createSocket(host.includes(":") ? "udp6" : "udp4").unref()
    // There is no route to the host: dials to it are bound, and fail.
    socket.once("error", () => socket.close())
    socket.connect(anyPort, host, () => {
      known.set(host, socket.address().address)
      socket.close()
    })
  }

  return {
    expects: (source, address) => {
      const host = NodeAddress.host(address)
      if (!known.has(host)) ask(host)
      return known.get(host) === source
    },
    forget: (address) => known.delete(NodeAddress.host(address))
  }
}
