import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

const contender = (name: string, serve: string) =>
  Pair.contender({
    name,
    serve,
    drive: "members.ts",
    at: import.meta.url,
    given: { members: 2000 },
    count: 1,
    counts: "serve",
    value: Pair.told("most")
  })

/** One member of 2,000 leaves: everybody is told once, and nobody twice. */
export const job: Job = {
  name: "pyile-change",
  title: "Lists to each of 2,000 Pyile members when one leaves, at most",
  unit: "lists",
  better: "less",
  contenders: [contender("ours", "../pyile/ours.ts"), contender("plain", "../pyile/plain.ts")],
  targets: [],
  bound: 1
}
