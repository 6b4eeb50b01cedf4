import { fileURLToPath } from "node:url"
import { type Answer, type Facts, of } from "../../src/Facts.ts"
import type { Contender, Job, Measurement } from "../../src/Job.ts"
import * as Side from "../../src/Side.ts"

const members = 1000

// A round takes long, so that both jobs are about the same ones.
const played: Array<Answer> = []

const contender = (name: string, value: (facts: Facts) => number): Contender => ({
  name,
  open: async (scale) => {
    const side = await Side.open(fileURLToPath(new URL("simulate.ts", import.meta.url)))
    let rounds = 0
    const round = async (): Promise<Measurement> => {
      const one = played[rounds] ?? await side.round({ count: Math.max(2, Math.round(members * scale)) })
      played[rounds++] = one
      return { value: value(one.facts), cpuMicros: one.cpuMicros, peakBytes: one.peakBytes }
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
  bound: 20
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
