import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"

const contender = (name: string, file: string, count: number, given: Readonly<Record<string, number>> = {}) =>
  Pair.contender({
    name,
    serve: `${file}-serve.ts`,
    drive: `${file}-drive.ts`,
    at: import.meta.url,
    count,
    given,
    counts: "both"
  })

/** One way over one connection. */
export const job: Job = {
  name: "peerpy-bytes",
  title: "PeerPy bytes payloads of 64 KiB on one connection",
  unit: "messages/s",
  better: "more",
  contenders: [
    contender("ours", "ours", 20_000),
    contender("plain", "plain", 20_000, { together: 1 }),
    contender("plain, each write alone", "plain", 20_000)
  ],
  targets: [{ against: "plain", ratio: 0.85 }]
}
