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

/** Text to a neighbour that sends it back, over and over, one at a time. */
export const job: Job = {
  name: "chat-pingpong",
  title: "p2p-chat text to a neighbour and back, 100 characters, one at a time",
  unit: "us",
  better: "less",
  contenders: [contender("ours"), contender("plain")],
  targets: [{ against: "plain", ratio: 1.2 }]
}
