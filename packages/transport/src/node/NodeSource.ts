/**
 * Which of this host's addresses the system dials another host from, if left alone.
 *
 * To bind a socket to an address before it dials costs a sixth of a short connection, and takes a port from all
 * destinations instead of one. So a dial from the address that the system would choose anyway goes unbound. The choice
 * is learned in the background from a UDP socket that is connected and sends nothing; as routes change, whoever relies
 * on it looks at the connection that came of it.
 */
import type * as NetAddress from "effect/net/NetAddress"
import * as Dgram from "node:dgram"
import * as NodeAddress from "./NodeAddress.ts"

/** What is known of the system's choices. */
export interface Sources {
  /** True when a dial to `address` is expected to come from `source` by itself. Asks the system when it is not known. */
  readonly expects: (source: string, address: NetAddress.InetAddress) => boolean
  /** The system chose otherwise. */
  readonly forget: (address: NetAddress.InetAddress) => void
}

/** Hosts remembered; all are forgotten when there are more. */
const remembered = 4096

/** Nothing is sent to it. */
const anyPort = 9

/** Nothing known yet. */
export const make = (): Sources => {
  const known = new Map<string, string | undefined>()

  const ask = (host: string) => {
    if (known.size >= remembered) known.clear()
    known.set(host, undefined)
    const socket = Dgram.createSocket(host.includes(":") ? "udp6" : "udp4").unref()
    // A host without a route: every dial is bound, and fails by itself.
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
