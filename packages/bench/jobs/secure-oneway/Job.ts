import type { Job } from "../../src/Job.ts"
import { against, contenders } from "../secure/Contenders.ts"

/** One connection, one way, a write for each message. */
export const job: Job = {
  name: "secure-oneway",
  title: "Messages of 100 bytes one way: ours, plain, node:tls 1.3, a libp2p stream (noise, yamux)",
  unit: "messages/s",
  better: "more",
  contenders: contenders({ task: "oneway", count: 100_000 }),
  targets: against(0.9)
}
