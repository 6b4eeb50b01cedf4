import type { Facts } from "../../src/Facts.ts"
import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

const contender = (name: string, who: "ours" | "plain", more: { readonly count: number; readonly given?: Facts }) =>
  Pair.contender({
    name,
    between: `../chat/${who}-hub.ts`,
    serve: `../chat/${who}-receive.ts`,
    drive: `../chat/${who}-send.ts`,
    at: import.meta.url,
    counts: "both",
    ...more
  })

/** Text from one p2p-chat peer to another, through a third. */
export const job: Job = {
  name: "chat-relay",
  title: "p2p-chat text through a hub, 100 characters each, checked, 4096 in flight",
  unit: "messages/s",
  better: "more",
  contenders: [
    contender("ours", "ours", { count: 150_000 }),
    contender("plain, a write per tick", "plain", { count: 150_000 }),
    contender("plain, a write each", "plain", { count: 40_000, given: { each: 1 } })
  ],
  targets: [
    { against: "plain, a write per tick", ratio: 0.8 },
    { against: "plain, a write each", ratio: 5 }
  ]
}
