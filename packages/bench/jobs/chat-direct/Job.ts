import type { Job } from "../../src/Job.ts"
import { contenders, targets } from "../chat/Contenders.ts"

/** Text from a p2p-chat peer to its neighbour. */
export const job: Job = {
  name: "chat-direct",
  title: "p2p-chat text to a neighbour, 100 characters each, checked",
  unit: "messages/s",
  better: "more",
  contenders: contenders({ hub: false, count: 600_000, countEach: 160_000 }),
  targets
}
