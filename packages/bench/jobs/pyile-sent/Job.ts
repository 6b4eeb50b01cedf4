import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

const contender = (name: string, serve: string, chatPort: number) =>
  Pair.contender({
    name,
    serve,
    drive: "members.ts",
    given: { chatPort },
    at: import.meta.url,
    count: 10_000,
    counts: "serve"
  })

/** A Pyile peer that broadcasts: a connection to each member for each message, and each member's answer. */
export const job: Job = {
  name: "pyile-sent",
  title: "Pyile chat sent to 50 members at once, and answered",
  unit: "messages/s",
  better: "more",
  contenders: [contender("ours", "ours.ts", 49_317), contender("plain", "plain.ts", 49_318)],
  targets: [{ against: "plain", ratio: 0.8 }]
}
