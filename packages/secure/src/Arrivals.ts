/**
 * Accepted carriers before their sessions are open: how many there may be, and how fast they may come. Each costs a
 * handshake before anything is known of who it is.
 */
import type { Pipe } from "@peerage/transport/Pipe"
import * as Places from "@peerage/transport/Places"
import * as NetAddress from "effect/net/NetAddress"
import type { Numbers } from "./SecureConfig.ts"
import type { Shared } from "./session/Shared.ts"

const second = 1000

/** Addresses whose carriers are counted. */
const maxAddresses = 65_536

/** Spreads carriers of one address over time: as many at once as a second allows, then one after the other. */
class Pace {
  /** By address, the moment in milliseconds until which its carriers have used up what they may. */
  readonly #paidUntil = new Map<string, number>()
  readonly #interval: number

  constructor(perSecond: number) {
    this.#interval = second / perSecond
  }

  /** Milliseconds that the next carrier of this address has to wait. */
  delay(host: string, now: number): number {
    if (this.#interval === 0) return 0
    const paid = Math.max(this.#paidUntil.get(host) ?? 0, now) + this.#interval
    this.#paidUntil.delete(host)
    this.#paidUntil.set(host, paid)
    if (this.#paidUntil.size > maxAddresses) this.#forget(now)
    return Math.max(0, paid - now - second)
  }

  #forget(now: number): void {
    for (const [host, paid] of this.#paidUntil) {
      if (paid > now && this.#paidUntil.size <= maxAddresses) return
      this.#paidUntil.delete(host)
    }
  }
}

/** What becomes of one carrier. */
export interface Arrival {
  /** It may begin its handshake. */
  readonly begin: () => void
  /** Others need its place more. */
  readonly giveWay: () => void
}

/** The carriers of one transport that have no session yet. */
export class Arrivals {
  readonly #places: Places.Places
  readonly #pace: Pace
  readonly #shared: Pick<Shared, "after" | "now" | "numbers">

  constructor(shared: Pick<Shared, "after" | "now" | "numbers">) {
    const { numbers }: { readonly numbers: Numbers } = shared
    this.#shared = shared
    this.#pace = new Pace(numbers.carriersPerSecond)
    this.#places = new Places.Places({
      of: "handshakes",
      all: numbers.maxHandshakes,
      perAddress: numbers.maxHandshakesPerAddress,
      lead: 1,
      patience: Places.patience,
      waiting: { all: numbers.maxHandshakes * 4, perAddress: numbers.maxHandshakesPerAddress * 8 }
    })
  }

  /** Lets a carrier begin, now or later, or closes it. Call the returned function when it has a session, or is over. */
  enter(carrier: Pipe, { begin, giveWay }: Arrival): () => void {
    const host = NetAddress.formatHost(carrier.remote)
    let cancel = () => {}
    const guest: Places.Guest = {
      host,
      silentSince: () => carrier.activeAt(),
      entered: () => {
        const delay = this.#pace.delay(host, this.#shared.now())
        if (delay === 0) begin()
        else cancel = this.#shared.after(delay, begin)
      },
      dropped: giveWay
    }
    if (this.#places.enter(guest) !== undefined) carrier.close()
    return () => {
      cancel()
      this.#places.leave(guest)
    }
  }
}
