import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"
import { original } from "../original/Python.ts"

const contender = (name: string, programs: string, count: number) =>
  Pair.contender({
    name,
    serve: `${programs}-serve.ts`,
    drive: `${programs}-drive.ts`,
    at: import.meta.url,
    count,
    counts: "both"
  })

/** Ours to ours, the original to the original. */
export const job: Job = {
  name: "original-peerpy",
  title: "PeerPy json messages of about 100 bytes on one connection: ours, and the original in Python",
  unit: "messages/s",
  better: "more",
  contenders: [
    contender("ours", "../peerpy-json/ours", 200_000),
    original(contender("original", "../original/peerpy", 500))
  ],
  targets: []
}
