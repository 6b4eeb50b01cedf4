import type { Job } from "../../src/Job.ts"
import { against, contenders } from "../secure/Contenders.ts"

/** One connection, one way. */
export const job: Job = {
  name: "secure-bulk",
  title: "Writes of 64 KiB one way: ours, plain, node:tls 1.3, a libp2p stream (noise, yamux)",
  unit: "writes/s",
  better: "more",
  contenders: contenders({ task: "bulk", count: 4000 }),
  targets: against(0.35)
}
