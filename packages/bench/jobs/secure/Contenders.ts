/** Ways to protect a connection, each a contender for a task: ours, nothing, node:tls, libp2p. */
import type { Contender, Target } from "../../src/Job.ts"
import { library, pair, type Task } from "../alternatives/Contenders.ts"

/** Ours comes first; plain is the same program without protection. `apart` gives each dial a session of its own. */
export const contenders = (
  task: Task,
  { apart = false, others = 1 }: { readonly apart?: boolean; readonly others?: number } = {}
): readonly [Contender, ...ReadonlyArray<Contender>] => {
  const lesser = { ...task, count: Math.round(task.count * others) }
  return [
    pair("ours", "transport", { ...lesser, given: { ...task.given, secured: 1, apart: apart ? 1 : 0 } }),
    pair("plain", "transport", task),
    pair("node:tls", "tls", lesser),
    library("libp2p", lesser)
  ]
}

/** What ours must reach: so much of what plain does, and as much as libp2p. */
export const against = (plain: number): ReadonlyArray<Target> => [
  { against: "plain", ratio: plain },
  { against: "libp2p", ratio: 1 }
]
