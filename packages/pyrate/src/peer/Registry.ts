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
  /** When each was last heard of, the one that registered first in front. */
  private readonly heard = new Map<PeerAddress.PeerAddress, number>()
  private readonly perHost = new Map<string, number>()
  private soonest = Infinity
  private readonly limits: Limits
  private readonly lifetime: number

  constructor(limits: Limits) {
    this.limits = limits
    this.lifetime = Duration.toMillis(limits.expiry)
  }

  get size(): number {
    return this.heard.size
  }

  /** Registers a peer, or notes that it is still there. False when there is no room for it. */
  register(peer: PeerAddress.PeerAddress, at: number): "Registered" | "Refreshed" | "Full" {
    if (this.refresh(peer, at)) return "Refreshed"
    const host = PeerAddress.host(peer)
    const there = this.perHost.get(host) ?? 0
    if (this.size >= this.limits.maxRegistrations || there >= this.limits.maxRegistrationsPerAddress) return "Full"
    this.heard.set(peer, at)
    this.soonest = Math.min(this.soonest, at + this.lifetime)
    this.perHost.set(host, there + 1)
    return "Registered"
  }

  /**
   * Notes that a peer is still there. False when it is not registered.
   *
   * Quirk: a keep-alive brings nobody back, as with the original; whoever has expired has to register again.
   */
  refresh(peer: PeerAddress.PeerAddress, at: number): boolean {
    if (!this.heard.has(peer)) return false
    this.heard.set(peer, at)
    return true
  }

  /** Forgets a peer. False when it was not registered. */
  unregister(peer: PeerAddress.PeerAddress): boolean {
    if (!this.heard.delete(peer)) return false
    const host = PeerAddress.host(peer)
    const there = (this.perHost.get(host) ?? 1) - 1
    if (there === 0) this.perHost.delete(host)
    else this.perHost.set(host, there)
    return true
  }

  /** Forgets all that were not heard of for too long, and says whom. */
  expire(now: number): ReadonlyArray<PeerAddress.PeerAddress> {
    if (now <= this.soonest) return []
    const gone = Array.from(this.heard).flatMap(([peer, at]) => now - at > this.lifetime ? [peer] : [])
    for (const peer of gone) this.unregister(peer)
    this.soonest = Infinity
    for (const at of this.heard.values()) this.soonest = Math.min(this.soonest, at + this.lifetime)
    return gone
  }

  /** Up to when nobody can have expired, in milliseconds; Infinity when nobody is registered. */
  get earliest(): number {
    return this.size === 0 ? Infinity : this.soonest
  }

  /** Everybody but one, in the order of their registration. */
  others(than: PeerAddress.PeerAddress | undefined): ReadonlyArray<PeerAddress.PeerAddress> {
    return Array.from(this.heard.keys()).filter((peer) => peer !== than)
  }
}

/**
 * Picks `count` of a list, none twice, each as likely as any other, in random order; the whole list in its order when
 * it is no longer than that. `draw` gives a whole number from 0 up to its argument, the argument not among them.
 */
export const pick = <A>(list: ReadonlyArray<A>, count: number, draw: (below: number) => number): ReadonlyArray<A> => {
  if (list.length <= count) return list
  const left = [...list]
  return Array.from({ length: count }, () => left.splice(draw(left.length), 1)).flat()
}
