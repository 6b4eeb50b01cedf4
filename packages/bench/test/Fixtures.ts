/** Jobs, results and entries to try things with. */
import type * as Contest from "../src/Contest.ts"
import type { Contender, Job } from "../src/Job.ts"
import type { Entry, Performance } from "../src/Record.ts"
import * as Summary from "../src/Summary.ts"

const nobody = (name: string): Contender => ({
  name,
  open: () => Promise.resolve({ round: () => Promise.resolve({ value: 0 }), close: () => Promise.resolve() })
})

/** A job of two that need not be run. */
export const job = (more: Partial<Job> = {}): Job => ({
  name: "job",
  title: "A job",
  unit: "messages/s",
  better: "more",
  contenders: [nobody("ours"), nobody("plain")],
  targets: [],
  ...more
})

/** What a contender gave in as many rounds. */
export const result = (name: string, values: ReadonlyArray<number>, cpuMicros?: number): Contest.Result => ({
  name,
  value: Summary.of(values),
  cpuMicros
})

/** One who took no part. */
export const absence = (name: string): Contest.Result => ({ name, absent: "it is not here.", value: Summary.of([]) })

/** A job that was measured. */
export const entry = (name: string, more: Partial<Entry> = {}): Entry => ({
  name,
  title: `The job ${name}`,
  unit: "messages/s",
  better: "more",
  rounds: 7,
  results: [
    { name: "ours", median: 12_345, min: 12_000, max: 13_000, cpuMicros: 1.2345, peakBytes: 99_900_000 },
    { name: "plain", median: 10_000, min: 9000, max: 11_000 }
  ],
  comparisons: [{ against: "plain", of: "value", ratio: 1.2345, target: 0.8, reached: true }],
  ...more
})

/** Jobs as they were measured somewhere. */
export const performance = (jobs: ReadonlyArray<Entry>): Performance => ({
  machine: { cpu: "A processor", cores: 2, system: "linux x64", node: "v24.0.0" },
  jobs
})
