/** Who takes part in the streaming jobs of p2p-chat: ours, and the plain programs with their two ways to write. */
import type { Facts } from "../../src/Facts.ts"
import type { Contender, Target } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

/** How a job is set up. */
export interface Setup {
  /** Whether there is a hub between the two. */
  readonly hub: boolean
  /** Messages of a round where writes are coalesced, and where they are not. */
  readonly count: number
  readonly countEach: number
}

/** Ours first. */
export const contenders = ({ count, countEach, hub }: Setup): readonly [Contender, ...ReadonlyArray<Contender>] => {
  const contender = (name: string, who: "ours" | "plain", more: { readonly count: number; readonly given?: Facts }) =>
    Pair.contender({
      name,
      between: hub ? `${who}-hub.ts` : undefined,
      serve: `${who}-receive.ts`,
      drive: `${who}-send.ts`,
      at: import.meta.url,
      counts: "both",
      ...more
    })
  return [
    contender("ours", "ours", { count }),
    contender("plain, a write per tick", "plain", { count }),
    contender("plain, a write each", "plain", { count: countEach, given: { each: 1 } })
  ]
}

/** What ours must reach against them. */
export const targets: ReadonlyArray<Target> = [
  { against: "plain, a write per tick", ratio: 0.8 },
  { against: "plain, a write each", ratio: 5 }
]
