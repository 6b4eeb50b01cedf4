/** What a host is asked to do in a round: to see members off, to idle, or to tell its memory. */
import { setTimeout } from "node:timers/promises"
import type { Facts } from "../../src/Facts.ts"
import type { Tally } from "../Tally.ts"

/**
 * `left` counts the members that have gone. `idle` is in milliseconds. Memory is what JavaScript holds after a collection,
 * in bytes: resident memory says more of the garbage that came before.
 */
export const round = (left: Tally) => async ({ count = 0, idle = 0, measure = 0 }: Facts): Promise<Facts> => {
  if (measure > 0) {
    // Twice, as what the first finds to be finalised only the second frees.
    globalThis.gc?.()
    globalThis.gc?.()
    const { external, heapUsed } = process.memoryUsage()
    return { held: heapUsed + external }
  }
  if (idle > 0) await setTimeout(idle)
  else await left.more(count)
  return {}
}
