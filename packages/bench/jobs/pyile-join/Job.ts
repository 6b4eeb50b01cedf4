import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

const contender = (name: string, serve: string) =>
  Pair.contender({
    name,
    serve,
    drive: "joiners.ts",
    at: import.meta.url,
    count: 100,
    counts: "serve",
    value: Pair.told("millis")
  })

/**
 * Joiners that come at once. Each waits out the pause of 100 ms that an original needs between two messages.
 *
 * One round has 100 joins, of which most code needs some thousands before Node has compiled it for good.
 */
export const job: Job = {
  name: "pyile-join",
  title: "100 Pyile joiners at once, from as many addresses, until the last is in",
  unit: "ms",
  better: "less",
  contenders: [contender("ours", "../pyile/ours.ts"), contender("plain", "../pyile/plain.ts")],
  targets: [{ against: "plain", of: "cpu", ratio: 2 }],
  bound: 1000,
  warmUps: 200
}
