/** Members of whom one leaves, and what the others are sent for it. */
import { setTimeout } from "node:timers/promises"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Crowd from "../pyile/Crowd.ts"

// A change is 100 MB of lists, and the host may send 10 a second; the rest is for lists that should not come.
const settling = 15_000

plain(async (given) => {
  const members = await Crowd.join(given, of(given, "members"))
  await setTimeout(settling)
  return {
    round: async () => {
      members.pop()?.leave()
      const before = members.map(({ lists }) => lists.count)
      const bytes = members.reduce((sum, { lists }) => sum + lists.bytes, 0)
      await setTimeout(settling)
      const counts = members.map(({ lists }, index) => lists.count - (before[index] ?? 0))
      const last = members.map(({ lists }) => lists.last)
      if (new Set(last).size !== 1) throw new Error("not everybody has the newest list")
      return {
        least: Math.min(...counts),
        most: Math.max(...counts),
        megabytes: (members.reduce((sum, { lists }) => sum + lists.bytes, 0) - bytes) / 1e6
      }
    }
  }
})
