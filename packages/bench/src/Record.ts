/** What was measured, kept: one entry for each job, the newest, in a JSON file. */
import { Schema } from "effect"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { availableParallelism, cpus } from "node:os"
import { dirname } from "node:path"
import type { Result } from "./Contest.ts"
import type { Job } from "./Job.ts"
import * as Verdict from "./Verdict.ts"

const Figures = Schema.Struct({
  name: Schema.String,
  absent: Schema.optional(Schema.String),
  median: Schema.optional(Schema.Finite),
  min: Schema.optional(Schema.Finite),
  max: Schema.optional(Schema.Finite),
  /** Microseconds for each of what is counted. */
  cpuMicros: Schema.optional(Schema.Finite),
  peakBytes: Schema.optional(Schema.Finite)
})

const Comparison = Schema.Struct({
  against: Schema.String,
  of: Schema.Literals(["value", "cpu"]),
  ratio: Schema.Finite,
  target: Schema.optional(Schema.Finite),
  difference: Schema.optional(Schema.Finite),
  beyond: Schema.optional(Schema.Finite),
  reached: Schema.optional(Schema.Boolean)
})

/** A job as it was measured last. */
export const Entry = Schema.Struct({
  name: Schema.String,
  title: Schema.String,
  unit: Schema.String,
  better: Schema.Literals(["more", "less"]),
  rounds: Schema.Finite,
  results: Schema.Array(Figures),
  comparisons: Schema.Array(Comparison),
  bound: Schema.optional(Schema.Finite),
  bounded: Schema.optional(Schema.Boolean)
})
export type Entry = typeof Entry.Type

/** All jobs, and where they were measured. */
export const Performance = Schema.Struct({
  machine: Schema.Struct({ cpu: Schema.String, cores: Schema.Finite, system: Schema.String, node: Schema.String }),
  jobs: Schema.Array(Entry)
})
export type Performance = typeof Performance.Type

const finite = (value: number | undefined) => value !== undefined && Number.isFinite(value) ? value : undefined

const compact = <A extends object>(value: A): A => JSON.parse(JSON.stringify(value))

/** A job's results as they are kept. */
export const entry = (job: Job, rounds: number, results: ReadonlyArray<Result>): Entry =>
  compact({
    name: job.name,
    title: job.title,
    unit: job.unit,
    better: job.better,
    rounds,
    results: results.map(({ absent, cpuMicros, name, peakBytes, value }) => ({
      name,
      absent,
      median: finite(value.median),
      min: finite(value.min),
      max: finite(value.max),
      cpuMicros: finite(cpuMicros),
      peakBytes: finite(peakBytes)
    })),
    comparisons: Verdict.of(job, results).filter(({ ratio }) => Number.isFinite(ratio)),
    bound: job.bound,
    bounded: Verdict.bounded(job, results)
  })

const machine = () => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  system: `${process.platform} ${process.arch}`,
  node: process.version
})

/** What is kept at `path`, nothing if there is no such file. */
export const read = (path: string): Performance =>
  existsSync(path)
    ? Schema.decodeUnknownSync(Performance)(JSON.parse(readFileSync(path, "utf8")))
    : { machine: machine(), jobs: [] }

/** What was kept, with `entries` in the place of older ones, in the order of `names`. */
export const merge = (kept: Performance, entries: ReadonlyArray<Entry>, names: ReadonlyArray<string>): Performance => {
  const byName = new Map([...kept.jobs, ...entries].map((entry) => [entry.name, entry]))
  return { machine: machine(), jobs: names.flatMap((name) => byName.get(name) ?? []) }
}

/** Keeps it. */
export const write = (path: string, performance: Performance): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(performance, undefined, 2)}\n`)
}
