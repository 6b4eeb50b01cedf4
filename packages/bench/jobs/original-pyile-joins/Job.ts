import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"
import { original } from "../original/Python.ts"

const contender = (name: string, serve: string) =>
  Pair.contender({
    name,
    serve,
    drive: "../original/pyile-joiners.ts",
    at: import.meta.url,
    given: { joins: 1 },
    count: 8,
    counts: "serve"
  })

/** The same plain joiners at both, one after the other, up to their first list of peers. */
export const job: Job = {
  name: "original-pyile-joins",
  title: "Pyile joins, one after the other: a host of ours, and the original in Python",
  unit: "joins/s",
  better: "more",
  contenders: [
    contender("ours", "../original/pyile-host-ours.ts"),
    original(contender("original", "../original/pyile-host.ts"))
  ],
  targets: []
}
