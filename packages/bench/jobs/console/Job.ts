import { fileURLToPath } from "node:url"
import * as Anew from "../../src/Anew.ts"
import type { Contender, Job, Target } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"
import * as Side from "../../src/Side.ts"
import { absent, type Kind, kinds, titles } from "./Kinds.ts"

const all = (contender: (kind: Kind) => Contender): Job["contenders"] => [
  contender("shown"),
  contender("open"),
  contender("closed"),
  contender("none")
]

// What a page costs is less than two processes differ by.
const anew: Anew.Options = { processes: 2, warmUps: 4, rounds: 8 }

const messages = (serve: string, drive: string, count: number) => (kind: Kind): Contender => {
  const pair = Pair.contender({
    name: titles[kind],
    serve,
    drive,
    at: import.meta.url,
    given: { console: kinds[kind] },
    count,
    counts: "serve"
  })
  return { ...Anew.contender(pair, anew), absent: absent(kind) }
}

/** A browser draws on the cores that the peer and its senders have: the peer's CPU says what the page takes of the peer. */
const targets: ReadonlyArray<Target> = [
  { against: titles.none, ratio: 0.95 },
  { against: titles.none, ratio: 1.05, of: "cpu" }
]

/** Chat that a Pyile host hears, as a page shows it. */
export const pyile: Job = {
  name: "console-pyile",
  title: "Pyile chat received by a host with a console, a connection for each message, 64 in flight",
  unit: "messages/s",
  better: "more",
  contenders: all(messages("pyile.ts", "../pyile-received/load.ts", 10_000)),
  targets,
  cold: true
}

/** Text that a p2p-chat peer is sent, as a page shows it. */
export const chat: Job = {
  name: "console-chat",
  title: "p2p-chat text received by a peer with a console, 100 characters",
  unit: "messages/s",
  better: "more",
  contenders: all(messages("chat.ts", "../chat/ours-send.ts", 200_000)),
  targets,
  cold: true
}

const busy = (kind: Kind): Contender => ({
  name: titles[kind],
  absent: absent(kind),
  open: async (scale) => {
    const side = await Side.open(fileURLToPath(new URL("events.ts", import.meta.url)), { console: kinds[kind] })
    const count = Math.round(50_000 * scale)
    const round = async () => {
      const begun = performance.now()
      const { cpuMicros, peakBytes } = await side.round({ count })
      // Microseconds of CPU in milliseconds, as hundredths.
      return { value: cpuMicros / (performance.now() - begun) / 10, cpuMicros: cpuMicros / count, peakBytes }
    }
    return { round, close: side.close }
  }
})

/** What the console takes of a core while ten thousand events a second are told. */
export const events: Job = {
  name: "console-events",
  title: "a peer's CPU at 10,000 events/s with a console",
  unit: "% of a core",
  better: "less",
  contenders: all(busy),
  targets: [{ against: titles.none, beyond: 4 }]
}
