import { setTimeout } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { of } from "../../src/Facts.ts"
import type { Contender, Job } from "../../src/Job.ts"
import * as Side from "../../src/Side.ts"

const members = 1000
// What the code itself takes once it has been compiled is not a member's.
const first = 250
// The last lists have gone round, and nobody is due but for heartbeats.
const settling = 5000

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** A process for each round, as memory that was taken once is not given back. */
const contender = (name: string, file: string): Contender => ({
  name,
  open: async (scale) => ({
    round: async () => {
      const serving = await Side.open(path(file))
      const driving = await Side.open(path("members.ts"), serving.ready)
      const held = async (count: number) => {
        await driving.round({ count })
        await setTimeout(settling)
        return of((await serving.round({ measure: 1 })).facts, "held")
      }
      try {
        const count = Math.max(1, Math.round(members * scale))
        const before = await held(first)
        return { value: (await held(count) - before) / count / 1024 }
      } finally {
        await Promise.all([serving.close(), driving.close()])
      }
    },
    close: async () => {}
  })
})

/** What JavaScript holds at the host for each member that has joined and is idle; what the system holds is alike for all. */
export const job: Job = {
  name: "pyile-memory",
  title: "Memory of an idle member at a Pyile host",
  unit: "KB",
  better: "less",
  contenders: [
    contender("ours", "../pyile/ours.ts"),
    contender("two plain sockets", "sockets.ts")
  ],
  cold: true,
  targets: [{ against: "two plain sockets", beyond: 12 }]
}
