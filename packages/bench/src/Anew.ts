/**
 * A contender whose rounds have processes of their own. Two processes of one program differ by a twentieth, as the engine
 * compiles other functions first: where that much matters, one process of each says nothing.
 */
import type { Contender, Measurement } from "./Job.ts"

/** How a round is played. */
export interface Options {
  /** Started one after the other. */
  readonly processes: number
  /** Rounds of the contender that each begins with, which do not count. */
  readonly warmUps: number
  /** And those that do. */
  readonly rounds: number
}

const mean = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The mean of all; the largest memory of any. */
const meanOf = (measured: ReadonlyArray<Measurement>): Measurement => {
  const cpu = measured.flatMap(({ cpuMicros }) => cpuMicros ?? [])
  return {
    value: mean(measured.map(({ value }) => value)),
    cpuMicros: cpu.length === 0 ? undefined : mean(cpu),
    peakBytes: Math.max(...measured.map(({ peakBytes = 0 }) => peakBytes))
  }
}

const play = async (
  contender: Contender,
  scale: number,
  { rounds, warmUps }: Options
): Promise<ReadonlyArray<Measurement>> => {
  const ready = await contender.open(scale)
  try {
    const measured: Array<Measurement> = []
    for (let round = 0; round < warmUps + rounds; round++) {
      const measurement = await ready.round()
      if (round >= warmUps) measured.push(measurement)
    }
    return measured
  } finally {
    await ready.close()
  }
}

/** For a quick look, fewer. */
const scaled = ({ processes, rounds, warmUps }: Options, scale: number): Options => {
  const some = (count: number) => Math.ceil(count * Math.min(scale, 1))
  return { processes: some(processes), rounds: some(rounds), warmUps: some(warmUps) }
}

/** The same, with processes of its own for each round. */
export const contender = (contender: Contender, options: Options): Contender => ({
  ...contender,
  open: (scale) => {
    const fitting = scaled(options, scale)
    const round = async () => {
      const measured: Array<Measurement> = []
      for (let process = 0; process < fitting.processes; process++) {
        measured.push(...await play(contender, scale, fitting))
      }
      return meanOf(measured)
    }
    return Promise.resolve({ round, close: () => Promise.resolve() })
  }
})
