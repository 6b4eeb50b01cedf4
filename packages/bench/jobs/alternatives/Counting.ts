/** The rounds of the side that is dialed: what it counts, and what idle connections take. */
import { type Facts, of } from "../../src/Facts.ts"
import { Tally } from "../Tally.ts"
import { check, message, tasks } from "./Library.ts"

const settle = 300

/** Resident memory after everything that can be freed is. */
const resident = async (): Promise<number> => {
  await new Promise((resolve) => setTimeout(resolve, settle))
  for (let time = 0; time < 3; time++) globalThis.gc?.()
  return process.memoryUsage.rss()
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

/** Counts connections where they are what is measured, else messages. */
export const make = async (given: Facts): Promise<Counting> => {
  const task = of(given, "task")
  const byConnection = task === tasks.dials || task === tasks.idle
  const tally = new Tally()
  let bytes = 0
  let before = await resident()
  return {
    answers: task === tasks.pingpong || task === tasks.conversation,
    dialed: () => byConnection && tally.add(1),
    heard: (more) => {
      if (byConnection) return
      bytes += more
      const whole = Math.floor(bytes / message.length)
      bytes -= whole * message.length
      tally.add(whole)
    },
    round: async ({ count = 0 }) => {
      await tally.more(count)
      check(bytes)
      if (task !== tasks.idle) return
      const now = await resident()
      const each = (now - before) / count
      before = now
      return { each }
    }
  }
}
