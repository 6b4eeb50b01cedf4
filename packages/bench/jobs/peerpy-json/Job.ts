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

/** One way over one connection, 100 bytes of payload each, checked by a schema or by hand. */
export const job: Job = {
  name: "peerpy-json",
  title: "PeerPy json values of 100 bytes on one connection, checked by a schema",
  unit: "messages/s",
  better: "more",
  contenders: [
    contender("ours", "ours", 400_000, { together: 1 }),
    contender("ours, a send for each", "ours", 400_000),
    contender("plain, coalesced", "plain", 400_000, { coalesced: 1 }),
    contender("plain, each write alone", "plain", 60_000)
  ],
  targets: [{ against: "plain, coalesced", ratio: 0.8 }, { against: "plain, each write alone", ratio: 5 }]
}
