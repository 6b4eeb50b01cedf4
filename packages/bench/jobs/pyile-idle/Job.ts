import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

const idle = 5000

const contender = (name: string, serve: string) =>
  Pair.contender({
    name,
    serve,
    drive: "members.ts",
    at: import.meta.url,
    given: { members: 2000 },
    asked: { idle },
    count: 1,
    counts: "serve",
    value: ({ cpuMicros }) => cpuMicros / 1000 / idle * 100
  })

/** What a large network costs its host while nothing happens in it but a heartbeat of each member every two seconds. */
export const job: Job = {
  name: "pyile-idle",
  title: "A Pyile host with 2,000 members that only answer their heartbeats",
  unit: "% of a core",
  better: "less",
  contenders: [contender("ours", "../pyile/ours.ts"), contender("plain", "../pyile/plain.ts")],
  targets: [],
  bound: 10
}
