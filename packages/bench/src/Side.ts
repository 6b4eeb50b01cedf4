/** The parent's end of a program: starts its process, asks for rounds, and ends it. */
import { Schema } from "effect"
import { fork } from "node:child_process"
import { once } from "node:events"
import { type Answer, type Facts, Saying } from "./Facts.ts"

/** A program that is running and ready. */
export interface Side {
  readonly ready: Facts
  /** Plays one round. Rejects with the program's own words when that fails or when the process ends. */
  readonly round: (facts: Facts) => Promise<Answer>
  /** Ends the process and waits for that. */
  readonly close: () => Promise<void>
}

const decode = Schema.decodeUnknownSync(Saying)
// In milliseconds.
const patience = 5_000
const flags = ["--conditions=@peerage/source", "--expose-gc", "--disable-warning=ExperimentalWarning"]

/** Starts the program in the file `path` and waits until it is ready. `given` is what it is told. */
export const open = async (path: string, given: Facts = {}, more: ReadonlyArray<string> = []): Promise<Side> => {
  const child = fork(path, [JSON.stringify(given)], { execArgv: [...flags, ...more] })
  const ended = once(child, "exit")
  const gone = async (signal: AbortSignal): Promise<never> => {
    // What it said last comes before this.
    await once(child, "disconnect", { signal })
    throw new Error(`${path} ended in the middle`)
  }
  const next = async () => {
    const decided = new AbortController()
    try {
      const [message] = await Promise.race([once(child, "message", decided), gone(decided.signal)])
      return decode(message)
    } finally {
      decided.abort()
    }
  }
  const failed = (saying: typeof Saying.Type) =>
    new Error("trouble" in saying ? `${path}: ${saying.trouble}` : `${path} said something out of turn`)

  const first = await next()
  if (!("ready" in first)) throw failed(first)
  return {
    ready: first.ready,
    round: async (facts) => {
      const answer = next()
      child.send(facts)
      const saying = await answer
      if (!("answer" in saying)) throw failed(saying)
      return saying.answer
    },
    close: async () => {
      // A program ends itself when nobody listens any more, by which a profile of it is written.
      if (child.connected) child.disconnect()
      // One that is too busy to hear of it is killed; one that has ended does not mind.
      AbortSignal.timeout(patience).addEventListener("abort", () => child.kill("SIGKILL"))
      await ended
    }
  }
}
