import { fileURLToPath } from "node:url"
import { type Facts, of } from "../../src/Facts.ts"
import type { Contender, Job, Measurement } from "../../src/Job.ts"
import * as Side from "../../src/Side.ts"

const members = 1000

const contender = (name: string, value: (facts: Facts) => number): Contender => ({
  name,
  open: async (scale) => {
    const side = await Side.open(fileURLToPath(new URL("simulate.ts", import.meta.url)))
    const round = async (): Promise<Measurement> => {
      const { cpuMicros, facts, peakBytes } = await side.round({ count: Math.max(2, Math.round(members * scale)) })
      return { value: value(facts), cpuMicros, peakBytes }
    }
    return { round, close: side.close }
  }
})

/** How fast time goes in a simulated network. */
export const job: Job = {
  name: "memory-network",
  title: "1,000 Pyile members in a simulated network, ten minutes of heartbeats",
  unit: "s",
  better: "less",
  contenders: [contender("ours", (facts) => of(facts, "seconds"))],
  targets: [],
  cold: true,
  rounds: 1,
  bound: 60
}

/** The same, as events of the network a second. */
export const rate: Job = {
  ...job,
  name: "memory-network-events",
  unit: "events/s",
  better: "more",
  contenders: [contender("ours", (facts) => of(facts, "rate"))],
  bound: undefined
}
