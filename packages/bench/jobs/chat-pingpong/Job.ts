import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

/** Text to a neighbour that sends it back, over and over, one at a time. */
export const job: Job = {
  name: "chat-pingpong",
  title: "p2p-chat text to a neighbour and back, 100 characters, one at a time",
  unit: "us",
  better: "less",
  contenders: Pair.pingPong(import.meta.url),
  targets: [{ against: "plain", ratio: 1.2 }]
}
