import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

/** A message to a peer that sends it back, over and over, one at a time. */
export const job: Job = {
  name: "peerpy-pingpong",
  title: "PeerPy bytes to a peer and back, 100 of them, one message at a time",
  unit: "us",
  better: "less",
  contenders: Pair.pingPong(import.meta.url),
  targets: [{ against: "plain", ratio: 1.3 }]
}
