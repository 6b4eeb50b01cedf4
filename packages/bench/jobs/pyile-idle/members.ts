/** Members that do nothing but answer their heartbeats. */
import { setTimeout } from "node:timers/promises"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Crowd from "../pyile/Crowd.ts"

const interval = 2000
// The last lists go round, and everybody's first heartbeat is over.
const settling = 15_000

plain(async (given) => {
  const members = await Crowd.join(given, of(given, "members"))
  await setTimeout(settling)
  const beats = () => members.reduce((sum, member) => sum + member.beats.count, 0)
  return {
    round: async ({ idle = 0 }) => {
      const before = beats()
      await setTimeout(idle)
      const heard = beats() - before
      if (heard < members.length * (idle / interval - 1)) throw new Error(`only ${heard} heartbeats came`)
    }
  }
})
