import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

const contender = (who: "ours" | "plain") =>
  Pair.contender({
    name: who,
    serve: `${who}-pong.ts`,
    drive: `${who}-ping.ts`,
    at: import.meta.url,
    count: 20_000,
    counts: "both",
    value: Pair.told("roundTrip")
  })

/** A message to a peer that sends it back, over and over, one at a time. */
export const job: Job = {
  name: "peerpy-pingpong",
  title: "PeerPy bytes to a peer and back, 100 of them, one message at a time",
  unit: "us",
  better: "less",
  contenders: [contender("ours"), contender("plain")],
  targets: [{ against: "plain", ratio: 1.3 }]
}
