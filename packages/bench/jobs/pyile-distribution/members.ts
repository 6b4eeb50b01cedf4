/** Members of whom one leaves and another joins again and again, and the bytes of lists that all are sent for it. */
import { setTimeout } from "node:timers/promises"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Crowd from "../pyile/Crowd.ts"

const settling = 15_000
const between = 250

plain(async (given) => {
  const size = of(given, "members")
  const members = await Crowd.join(given, size)
  let next = size
  await setTimeout(settling)
  const bytes = () => members.reduce((sum, { lists }) => sum + lists.bytes, 0)
  const change = async () => {
    const [gone] = members
    gone?.leave()
    // Whoever left keeps its place in the sum.
    const [come] = await Crowd.join(given, 1, next++)
    if (come !== undefined) members.push(come)
  }
  return {
    round: async ({ idle = 0 }) => {
      const before = bytes()
      const begun = performance.now()
      while (performance.now() - begun < idle) {
        await change()
        await setTimeout(between)
      }
      return { megabytes: (bytes() - before) / 1000 / (performance.now() - begun) }
    }
  }
})
