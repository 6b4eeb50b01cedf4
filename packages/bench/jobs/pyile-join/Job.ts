import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

const contender = (name: string, serve: string) =>
  Pair.contender({
    name,
    serve,
    drive: "joiners.ts",
    at: import.meta.url,
    count: 500,
    counts: "serve",
    value: Pair.told("millis")
  })

/**
 * Joiners that come at once. Each waits out the pause of 100 ms that an original needs between two messages.
 *
 * A round has five crowds: a collection of garbage comes every few of them, and in a round of one it was there by chance. Node
 * has compiled most code for good only after some thousands of joins.
 */
export const job: Job = {
  name: "pyile-join",
  title: "100 Pyile joiners at once, from as many addresses, until the last is in",
  unit: "ms",
  better: "less",
  contenders: [contender("ours", "../pyile/ours.ts"), contender("plain", "../pyile/plain.ts")],
  targets: [{ against: "plain", of: "cpu", ratio: 2 }],
  bound: 1000,
  warmUps: 40
}
