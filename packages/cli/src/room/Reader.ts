/** Who reads what a command writes, and how fast: a pipe or a terminal is full when its reader is behind. */
import { Effect } from "effect"
import type { Writable } from "node:stream"

/** A reader of what is written. */
export interface Reader {
  /** True when what was written waits in this process, where it takes memory. */
  readonly isBehind: () => boolean
  /** Waits until it waits no longer, or will never be read. */
  readonly caughtUp: Effect.Effect<void>
}

/** A reader that is never behind. */
export const attentive: Reader = { isBehind: () => false, caughtUp: Effect.void }

/** A reader of which more is known. */
export interface Measured extends Reader {
  /** How much waits. */
  readonly behindBy: () => number
}

/** The reader of a stream. A wait leaves no listeners behind, as Node.js warns its user of many. */
export const of = (
  output: Pick<Writable, "writableLength" | "writableNeedDrain" | "once" | "off">
): Measured => {
  const isBehind = () => output.writableNeedDrain
  const events = ["drain", "close", "error"] as const
  return {
    isBehind,
    behindBy: () => output.writableLength,
    caughtUp: Effect.callback((resume) => {
      if (!isBehind()) return resume(Effect.void)
      const forget = () => events.forEach((event) => output.off(event, go))
      const go = () => {
        forget()
        resume(Effect.void)
      }
      for (const event of events) output.once(event, go)
      return Effect.sync(forget)
    })
  }
}

/** The reader of standard output. */
export const standard: Measured = of(process.stdout)
