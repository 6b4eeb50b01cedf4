/** Has all contenders do a job in turns, so that whatever else the machine does falls on all of them alike. */
import type { Contender, Job, Measurement, Ready } from "./Job.ts"
import * as Summary from "./Summary.ts"

/** How thoroughly. */
export interface Options {
  readonly rounds: number
  /** How much there is to do in a round; 1 is all. */
  readonly scale: number
  /** Told what is happening. */
  readonly progress: (text: string) => void
}

/** What a contender gave, or why it took no part. */
export interface Result {
  readonly name: string
  readonly absent?: string | undefined
  readonly value: Summary.Summary
  readonly cpuMicros?: number | undefined
  readonly peakBytes?: number | undefined
}

interface Entrant extends Ready {
  readonly name: string
  readonly measured: Array<Measurement>
}

const enter = async (contender: Contender, scale: number): Promise<Entrant> => {
  const ready = await contender.open(scale)
  return { name: contender.name, measured: [], ...ready }
}

const result = ({ measured, name }: Entrant): Result => {
  const cpu = measured.flatMap(({ cpuMicros }) => cpuMicros ?? [])
  const peaks = measured.flatMap(({ peakBytes }) => peakBytes ?? [])
  return {
    name,
    value: Summary.of(measured.map(({ value }) => value)),
    cpuMicros: cpu.length === 0 ? undefined : Summary.of(cpu).median,
    peakBytes: peaks.length === 0 ? undefined : Math.max(...peaks)
  }
}

const absence = (name: string, absent: string): Result => ({ name, absent, value: Summary.of([]) })

/** Runs a job: everybody warms up, then come the rounds that count. Results in the order of contenders, absent ones last. */
export const run = async (job: Job, options: Options): Promise<ReadonlyArray<Result>> => {
  const { rounds } = options
  // For a quick look, fewer of them too.
  const warmUps = job.cold === true ? 0 : Math.ceil((job.warmUps ?? 1) * Math.min(options.scale, 1))
  const entrants: Array<Entrant> = []
  const absences: Array<Result> = []
  try {
    for (const contender of job.contenders) {
      const absent = await contender.absent?.()
      if (absent === undefined) entrants.push(await enter(contender, options.scale))
      else absences.push(absence(contender.name, absent))
    }
    for (let turn = 0; turn < warmUps + rounds; turn++) {
      const round = turn + 1 - warmUps
      // Everybody goes first in turn.
      const order = entrants.map((_, index) => entrants[(index + turn) % entrants.length] ?? [])
      for (const entrant of order.flat()) {
        options.progress(`${job.name}: ${round <= 0 ? "warming up" : `round ${round} of ${rounds}`}, ${entrant.name}`)
        const measured = await entrant.round()
        if (round > 0) entrant.measured.push(measured)
      }
    }
    return [...entrants.map(result), ...absences]
  } finally {
    await Promise.all(entrants.map((entrant) => entrant.close()))
  }
}
