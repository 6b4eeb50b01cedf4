import { fileURLToPath } from "node:url"
import { type Facts, of } from "../../src/Facts.ts"
import type { Contender, Job } from "../../src/Job.ts"
import * as Side from "../../src/Side.ts"

/** A program that plays a whole network in one process. */
interface Played {
  readonly file: string
  readonly given?: Facts
  /** Hosts, or faults, at full scale, and at least. */
  readonly count: number
  readonly least: number
  readonly value: (facts: Facts) => number
}

const contender = ({ count, file, given, least, value }: Played): Contender => ({
  name: "ours",
  open: async (scale) => {
    const side = await Side.open(fileURLToPath(new URL(file, import.meta.url)), given)
    return {
      round: async () => {
        const { cpuMicros, facts, peakBytes } = await side.round({ count: Math.max(least, Math.round(count * scale)) })
        return { value: value(facts), cpuMicros, peakBytes }
      },
      close: side.close
    }
  }
})

/** How many simulated seconds a second has, with as many hosts as a person watches. */
export const speed: Job = {
  name: "simulation-speed",
  title: "20 hosts of Pyile that beat and talk, ten simulated minutes, against the clock on the wall",
  unit: "times",
  better: "more",
  contenders: [contender({
    file: "speed.ts",
    given: { talks: 1, jitter: 20 },
    count: 20,
    least: 2,
    value: (facts) => of(facts, "simulated") / of(facts, "seconds")
  })],
  targets: [],
  bound: 50
}

/** The network of memory-network, on hosts that each have a clock, chance, a disk and a life of their own. */
export const crowd: Job = {
  name: "simulation-crowd",
  title: "1,000 hosts of Pyile on @peerage/simulate, ten simulated minutes of heartbeats",
  unit: "s",
  better: "less",
  contenders: [contender({ file: "speed.ts", count: 1000, least: 2, value: (facts) => of(facts, "seconds") })],
  targets: [],
  cold: true
}

/** What hyperswarm's own chaos test does with real connections, in about a minute. */
export const chaos: Job = {
  name: "simulation-chaos",
  title: "10 peers of p2p-chat through 30 forced disconnects, 45 simulated seconds",
  unit: "ms",
  better: "less",
  contenders: [contender({ file: "chaos.ts", count: 30, least: 1, value: (facts) => of(facts, "seconds") * 1000 })],
  targets: [],
  bound: 1000
}
