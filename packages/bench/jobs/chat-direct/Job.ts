import type { Facts } from "../../src/Facts.ts"
import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

const contender = (name: string, who: "ours" | "plain", more: { readonly count: number; readonly given?: Facts }) =>
  Pair.contender({
    name,
    serve: `../chat/${who}-receive.ts`,
    drive: `../chat/${who}-send.ts`,
    at: import.meta.url,
    counts: "both",
    ...more
  })

/** Text from a p2p-chat peer to its neighbour. */
export const job: Job = {
  name: "chat-direct",
  title: "p2p-chat text to a neighbour, 100 characters each, checked",
  unit: "messages/s",
  better: "more",
  contenders: [
    contender("ours", "ours", { count: 200_000 }),
    contender("plain, a write per tick", "plain", { count: 200_000 }),
    contender("plain, a write each", "plain", { count: 50_000, given: { each: 1 } })
  ],
  targets: [
    { against: "plain, a write per tick", ratio: 0.8 },
    { against: "plain, a write each", ratio: 5 }
  ]
}
