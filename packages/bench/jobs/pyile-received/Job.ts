import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

const contender = (name: string, serve: string) =>
  Pair.contender({ name, serve, drive: "load.ts", at: import.meta.url, count: 10_000, counts: "serve" })

/** A Pyile peer that hears chat: the connections are its members', each for one message. */
export const job: Job = {
  name: "pyile-received",
  title: "Pyile chat received, a connection for each message, 64 in flight",
  unit: "messages/s",
  better: "more",
  contenders: [contender("ours", "ours.ts"), contender("plain", "plain.ts")],
  targets: [{ against: "plain", ratio: 0.8 }]
}
