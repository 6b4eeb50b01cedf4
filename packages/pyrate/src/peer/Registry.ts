/**
 * Who has registered with a bootstrap, in order, each until it is not heard of for a while. Plain state without time of
 * its own: the moment is an input, in milliseconds. (PYRATE.md, sections 1.1 and 4.)
 */
import { PeerAddress } from "@peerage/transport"
import { Duration } from "effect"
import type { PyrateConfig } from "../PyrateConfig.ts"

/** The bounds of a registry. */
export type Limits = Pick<PyrateConfig, "expiry" | "maxRegistrations" | "maxRegistrationsPerAddress">

/** Registered peers. */
export class Registry {
  /** The one that registered first in front. */
  private readonly listed = new Set<PeerAddress.PeerAddress>()
  /** When each was last heard of, the one that was not heard of for longest in front. */
  private readonly heard = new Map<PeerAddress.PeerAddress, number>()
  private readonly perHost = new Map<string, number>()
  private readonly limits: Limits
  private readonly lifetime: number

  constructor(limits: Limits) {
    this.limits = limits
    this.lifetime = Duration.toMillis(limits.expiry)
  }

  get size(): number {
    return this.listed.size
  }

  /** Registers a peer, or notes that it is still there. "Full" when there is no room for it. */
  register(peer: PeerAddress.PeerAddress, at: number): "Registered" | "Refreshed" | "Full" {
    if (this.refresh(peer, at)) return "Refreshed"
    const host = PeerAddress.host(peer)
    const there = this.perHost.get(host) ?? 0
    if (this.size >= this.limits.maxRegistrations || there >= this.limits.maxRegistrationsPerAddress) return "Full"
    this.listed.add(peer)
    this.heard.set(peer, at)
    this.perHost.set(host, there + 1)
    return "Registered"
  }

  /**
   * Notes that a peer is still there. False when it is not registered.
   *
   * Quirk: a keep-alive brings nobody back, as with the original; whoever has expired has to register again.
   */
  refresh(peer: PeerAddress.PeerAddress, at: number): boolean {
    if (!this.heard.delete(peer)) return false
    this.heard.set(peer, at)
    return true
  }

  /** Forgets a peer. False when it was not registered. */
  unregister(peer: PeerAddress.PeerAddress): boolean {
    if (!this.listed.delete(peer)) return false
    this.heard.delete(peer)
    const host = PeerAddress.host(peer)
    const there = (this.perHost.get(host) ?? 1) - 1
    if (there === 0) this.perHost.delete(host)
    else this.perHost.set(host, there)
    return true
  }

  /** Forgets all that were not heard of for longer than the expiry, and says whom. */
  expire(now: number): ReadonlyArray<PeerAddress.PeerAddress> {
    const gone: Array<PeerAddress.PeerAddress> = []
    for (const [peer, at] of this.heard) {
      if (now - at <= this.lifetime) break
      gone.push(peer)
      this.unregister(peer)
    }
    return gone
  }

  /** The last moment at which nobody has expired, in milliseconds; Infinity when nobody is registered. */
  get earliest(): number {
    const [soonest] = this.heard.values()
    return soonest === undefined ? Infinity : soonest + this.lifetime
  }

  /** Everybody, in the order of their registration. */
  get all(): ReadonlyArray<PeerAddress.PeerAddress> {
    return [...this.listed]
  }
}

/**
 * Picks `count` of a list, none twice, each as likely as any other, in random order; the whole list in its order when
 * it is no longer than that. `draw` gives a whole number from 0 up to its argument, the argument not among them.
 */
export const pick = <A>(list: ReadonlyArray<A>, count: number, draw: (below: number) => number): ReadonlyArray<A> => {
  if (list.length <= count) return list
  // As if shuffled from the front. Effect's own shuffle takes time with the list, which whoever asks could make long and ask
  // for without end: here only the places that were drawn are written down.
  const moved = new Map<number, number>()
  return Array.from({ length: count }, (_, at) => {
    const drawn = at + draw(list.length - at)
    const chosen = moved.get(drawn) ?? drawn
    moved.set(drawn, moved.get(at) ?? at)
    return list.slice(chosen, chosen + 1)
  }).flat()
}

/** The `draw` of a source of chance. */
export const drawFrom = (random: { readonly nextDoubleUnsafe: () => number }) => (below: number): number =>
  Math.min(below - 1, Math.floor(random.nextDoubleUnsafe() * below))
