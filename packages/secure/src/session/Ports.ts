/** The ports that streams of one session are dialed from, as their dialer shows them: no two streams have the same. */

import { Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const first = 32_768
const last = 60_999

/** Ports in use in one session. */
export class Ports {
  readonly #used = new Set<number>()
  #next = first

  /** A port that is free: `preferred` if it is. */
  take(preferred: number): number {
    let port = preferred
    while (this.#used.has(port)) {
      port = this.#next
      this.#next = port === last ? first : port + 1
    }
    this.#used.add(port)
    return port
  }

  give(port: number): void {
    this.#used.delete(port)
  }
}

/** The same host with another port, on the same interface. */
export const withPort = (address: NetAddress.InetAddress, port: number): NetAddress.InetAddress => {
  if (port === address.port) return address
  return NetAddress.isInetAddressV6(address)
    ? Result.getOrThrow(NetAddress.inetAddressV6(address.address, port, { scopeId: address.scopeId }))
    : NetAddress.inetAddressUnsafe(address.address, port)
}
