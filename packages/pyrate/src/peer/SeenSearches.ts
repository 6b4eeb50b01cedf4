/**
 * Searches that have come by, by id, so that none is handled twice. Bounded in number and age, and in how many one host
 * may bring; the oldest are forgotten first. Plain state: the moment is an input, in milliseconds. (PYRATE.md, section 5.)
 */
import { Duration } from "effect"
import type { PyrateConfig } from "../PyrateConfig.ts"

/** The bounds. */
export type Limits = Pick<PyrateConfig, "maxSeen" | "seenFor">

/** Ids of searches. */
export class SeenSearches {
  /** When each came, the oldest in front. */
  private readonly seen = new Map<string, number>()
  private readonly limits: Limits
  private readonly lifetime: number

  constructor(limits: Limits) {
    this.limits = limits
    this.lifetime = Duration.toMillis(limits.seenFor)
  }

  /** Notes a search. False when it has come by before. */
  note(id: string, at: number): boolean {
    for (const [oldest, since] of this.seen) {
      if (at - since <= this.lifetime && this.seen.size < this.limits.maxSeen) break
      this.seen.delete(oldest)
    }
    if (this.seen.has(id)) return false
    this.seen.set(id, at)
    return true
  }
}
