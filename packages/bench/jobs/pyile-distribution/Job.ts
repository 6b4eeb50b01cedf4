import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

/** A large network that never rests: its host merges changes for as long as its rate of bytes needs. */
export const job: Job = {
  name: "pyile-distribution",
  title: "Lists to 2,000 Pyile members of whom one leaves and one comes three times a second",
  unit: "MB/s",
  better: "less",
  contenders: [
    Pair.contender({
      name: "ours",
      serve: "../pyile/ours.ts",
      drive: "members.ts",
      at: import.meta.url,
      given: { members: 2000 },
      asked: { idle: 10_000 },
      count: 1,
      counts: "serve",
      value: Pair.told("megabytes")
    })
  ],
  targets: [],
  // Bytes may run ahead by what is due in 150 ms, and a newcomer waits for nothing.
  bound: 10.5
}
