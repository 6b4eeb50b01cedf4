/**
 * The common kind of contender: a program that serves and one that drives it, two processes over loopback, and where the
 * job is about it a third one between them.
 */
import { fileURLToPath } from "node:url"
import { type Answer, type Facts, of } from "./Facts.ts"
import type { Contender, Job, Measurement } from "./Job.ts"
import * as Side from "./Side.ts"

/** Which programs, and how a round is made and read. */
export interface Options {
  readonly name: string
  /** Files, next to `at`. */
  readonly serve: string
  readonly drive: string
  /** Started first; the others are told what it tells. What it costs counts with both sides. */
  readonly between?: string | undefined
  /** `import.meta.url` of the job. */
  readonly at: string
  /** What both are told at their start. */
  readonly given?: Facts | undefined
  /** What both are asked in each round, besides the count. */
  readonly asked?: Facts | undefined
  /** Messages (or bytes, or whatever is counted) of a round at full scale. */
  readonly count: number
  /** Whose CPU and memory count: the side that is compared, or both. */
  readonly counts: "serve" | "drive" | "both"
  /** From what a round took to the job's value. Default: counted per second. */
  readonly value?: ((round: Round) => number) | undefined
}

/** One round, as both sides saw it. */
export interface Round {
  readonly count: number
  /** From the first order to the last answer. */
  readonly seconds: number
  readonly served: Facts
  readonly driven: Facts
  /** Microseconds of CPU of the sides that count. */
  readonly cpuMicros: number
}

const perSecond = ({ count, seconds }: Round) => count / seconds

/** The value is what the driving side told under that name, times `factor`. */
export const told = (name: string, factor = 1) => ({ driven }: Round): number => of(driven, name) * factor

/** Both programs are started once and play all rounds, so that they are as warm as a long-lived peer is. */
export const contender = (options: Options): Contender => ({
  name: options.name,
  open: async (scale) => {
    const count = Math.max(1, Math.round(options.count * scale))
    const sides: Array<Side.Side> = []
    const close = async () => void await Promise.all(sides.map((side) => side.close()))
    /** Each is told what those before it have told; when one does not start, none goes on. */
    const start = async (file: string): Promise<Side.Side> => {
      const told = Object.assign({ ...options.given }, ...sides.map(({ ready }) => ready))
      const starting = Side.open(fileURLToPath(new URL(file, options.at)), told)
      const side = await starting.catch((error: unknown) => close().then(() => Promise.reject(error)))
      sides.push(side)
      return side
    }
    const between = options.between === undefined ? [] : [await start(options.between)]
    const serving = await start(options.serve)
    const driving = await start(options.drive)
    const round = async (): Promise<Measurement> => {
      const asked = { ...options.asked, count }
      const begun = performance.now()
      const [served, driven, ...others] = await Promise.all([
        serving.round(asked),
        driving.round(asked),
        ...between.map((side) => side.round(asked))
      ])
      const seconds = (performance.now() - begun) / 1000
      const counted: ReadonlyArray<Answer> =
        { serve: [served], drive: [driven], both: [served, driven, ...others] }[options.counts]
      const cpuMicros = counted.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0)
      return {
        value: (options.value ?? perSecond)({ count, seconds, served: served.facts, driven: driven.facts, cpuMicros }),
        cpuMicros: cpuMicros / count,
        peakBytes: counted.reduce((sum, { peakBytes }) => sum + peakBytes, 0)
      }
    }
    return { round, close }
  }
})

/** Ours and plain: a message there and back, one at a time. The programs next to `at` are `ours-pong.ts` and so on. */
export const pingPong = (at: string): Job["contenders"] => {
  const player = (name: string) =>
    contender({
      name,
      serve: `${name}-pong.ts`,
      drive: `${name}-ping.ts`,
      at,
      count: 20_000,
      counts: "both",
      value: told("roundTrip")
    })
  return [player("ours"), player("plain")]
}
