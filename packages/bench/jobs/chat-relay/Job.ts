import type { Job } from "../../src/Job.ts"
import { contenders, targets } from "../chat/Contenders.ts"

/** Text from one p2p-chat peer to another, through a third. */
export const job: Job = {
  name: "chat-relay",
  title: "p2p-chat text through a hub, 100 characters each, checked, 4096 in flight",
  unit: "messages/s",
  better: "more",
  contenders: contenders({ hub: true, count: 600_000, countEach: 160_000 }),
  targets
}
