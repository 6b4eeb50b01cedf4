/** What came of a job: how ours stands to each of the others, and whether that is what it must be. */
import type { Result } from "./Contest.ts"
import type { Job, Target } from "./Job.ts"

/** Ours against one other. */
export interface Verdict {
  readonly against: string
  readonly of: "value" | "cpu"
  /** Ours through theirs, of medians. */
  readonly ratio: number
  /** The ratio that must be reached; none where the comparison is for information. */
  readonly target?: number | undefined
  /** Ours less theirs, where that is what counts, and what it may be at most. */
  readonly difference?: number | undefined
  readonly beyond?: number | undefined
  readonly reached?: boolean | undefined
}

const figure = (result: Result, of: "value" | "cpu") => of === "cpu" ? result.cpuMicros ?? NaN : result.value.median

const judge = (job: Job, ours: Result, theirs: Result, target: Target | undefined): Verdict => {
  const of = target?.of ?? "value"
  const ratio = figure(ours, of) / figure(theirs, of)
  const verdict = { against: theirs.name, of, ratio }
  if (target?.beyond !== undefined) {
    const difference = figure(ours, of) - figure(theirs, of)
    return { ...verdict, difference, beyond: target.beyond, reached: difference <= target.beyond }
  }
  if (target?.ratio === undefined) return verdict
  const more = of === "value" && job.better === "more"
  return { ...verdict, target: target.ratio, reached: more ? ratio >= target.ratio : ratio <= target.ratio }
}

/** One verdict against each of the others that took part, and one more for each further target. */
export const of = (job: Job, results: ReadonlyArray<Result>): ReadonlyArray<Verdict> => {
  const [ours, ...others] = results.filter(({ absent }) => absent === undefined)
  if (ours === undefined) return []
  return others.flatMap((theirs) => {
    const targets = job.targets.filter(({ against }) => against === theirs.name)
    return targets.length === 0
      ? [judge(job, ours, theirs, undefined)]
      : targets.map((target) => judge(job, ours, theirs, target))
  })
}

/** Whether ours keeps to the bound on its own value; `undefined` where there is none. */
export const bounded = (job: Job, results: ReadonlyArray<Result>): boolean | undefined => {
  const value = results[0]?.value.median
  if (job.bound === undefined || value === undefined) return undefined
  return job.better === "more" ? value >= job.bound : value <= job.bound
}
