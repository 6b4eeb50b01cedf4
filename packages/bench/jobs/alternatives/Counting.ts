/** The rounds of the side that is dialed: what it counts, and what idle connections take. */
import { type Facts, of } from "../../src/Facts.ts"
import { Tally } from "../Tally.ts"
import { messageOf, tasks } from "./Library.ts"

const settle = 300

/** Resident memory, and what JavaScript holds, after everything that can be freed is. */
const memory = async () => {
  await new Promise((resolve) => setTimeout(resolve, settle))
  for (let time = 0; time < 3; time++) globalThis.gc?.()
  const { external, heapUsed, rss } = process.memoryUsage()
  return { rss, held: heapUsed + external }
}

/** What one side counts. */
export interface Counting {
  /** Whether messages are answered. */
  readonly answers: boolean
  /** Bytes of messages came. */
  readonly heard: (bytes: number) => void
  /** Somebody connected. */
  readonly dialed: () => void
  readonly round: (facts: Facts) => Promise<Facts | void>
}

const answered: ReadonlyArray<number> = [tasks.pingpong, tasks.conversation, tasks.meeting, tasks.turns]

/** Counts connections where they are what is measured, else messages. */
export const make = async (given: Facts): Promise<Counting> => {
  const task = of(given, "task")
  const { length } = messageOf(task)
  const idles = task === tasks.idle || task === tasks.streams
  const byConnection = task === tasks.dials || idles
  const tally = new Tally()
  let bytes = 0
  let before = await memory()
  return {
    answers: answered.includes(task),
    dialed: () => byConnection && tally.add(1),
    heard: (more) => {
      if (byConnection) return
      bytes += more
      const whole = Math.floor(bytes / length)
      bytes -= whole * length
      tally.add(whole)
    },
    round: async ({ count = 0 }) => {
      await tally.more(count)
      if (bytes !== 0) throw new Error(`${bytes} bytes are no whole message`)
      if (!idles) return
      const now = await memory()
      const grown = { each: (now.rss - before.rss) / count, held: (now.held - before.held) / count }
      before = now
      return grown
    }
  }
}
