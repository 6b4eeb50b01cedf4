import type { Job } from "../../src/Job.ts"
import { told } from "../../src/Pair.ts"
import { against, contenders } from "../secure/Contenders.ts"

/** One connection, one message under way. */
export const job: Job = {
  name: "secure-pingpong",
  title: "A message of 100 bytes there and back: ours, plain, node:tls 1.3, a libp2p stream (noise, yamux)",
  unit: "us",
  better: "less",
  contenders: contenders({ task: "pingpong", count: 10_000, value: told("roundTrip") }),
  targets: against(1 / 0.4)
}
