/**
 * Searches that have come by, by id, so that none is handled twice. Bounded in number and age, and in how many one host
 * may bring; the oldest are forgotten first. Plain state: the moment is an input, in milliseconds. (PYRATE.md, section 5.)
 */
import { Duration } from "effect"
import type { PyrateConfig } from "../PyrateConfig.ts"

/** The bounds. */
export type Limits = Pick<PyrateConfig, "maxSeen" | "seenFor">

/** Where a search came from, and when. */
export interface Arrival {
  readonly host: string
  /** In milliseconds. */
  readonly at: number
}

// So that one host cannot have all others' searches forgotten.
const shareOfOneHost = 1 / 4

/** Ids of searches. */
export class SeenSearches {
  /** The oldest in front. */
  private readonly seen = new Map<string, Arrival>()
  /** The ids that each host has brought, the oldest in front. */
  private readonly brought = new Map<string, Set<string>>()
  private readonly limits: Limits
  private readonly lifetime: number
  private readonly share: number

  constructor(limits: Limits) {
    this.limits = limits
    this.lifetime = Duration.toMillis(limits.seenFor)
    this.share = Math.ceil(limits.maxSeen * shareOfOneHost)
  }

  get size(): number {
    return this.seen.size
  }

  /** Notes a search. False when it has come by before. */
  note(id: string, arrival: Arrival): boolean {
    for (const [oldest, { at }] of this.seen) {
      if (arrival.at - at <= this.lifetime) break
      this.forget(oldest)
    }
    if (this.seen.has(id)) return false
    const [own] = this.broughtBy(arrival.host).size >= this.share ? this.broughtBy(arrival.host) : []
    const [oldest] = this.seen.size >= this.limits.maxSeen ? this.seen.keys() : []
    const surplus = own ?? oldest
    if (surplus !== undefined) this.forget(surplus)
    this.seen.set(id, arrival)
    this.brought.set(arrival.host, this.broughtBy(arrival.host).add(id))
    return true
  }

  private broughtBy(host: string): Set<string> {
    return this.brought.get(host) ?? new Set()
  }

  private forget(id: string) {
    const host = this.seen.get(id)?.host ?? ""
    const ids = this.broughtBy(host)
    ids.delete(id)
    if (ids.size === 0) this.brought.delete(host)
    this.seen.delete(id)
  }
}
