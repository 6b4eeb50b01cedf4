import type { Contender, Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"
import { library, pair } from "../alternatives/Contenders.ts"
import { against } from "../secure/Contenders.ts"

const count = 5000

const pyile = (name: string, secured: number): Contender =>
  Pair.contender({
    name,
    serve: "serve.ts",
    drive: "drive.ts",
    at: import.meta.url,
    given: { secured },
    count,
    counts: "both"
  })

const task = { task: "conversation", count } as const

/** 16 at once. Pyile dials for each message. The others speak no Pyile: they send 100 bytes and have them back. */
export const job: Job = {
  name: "secure-chat",
  title:
    "Pyile chat and its answer: ours in a kept session, plain; 100 bytes and an answer: node:tls 1.3, libp2p streams",
  unit: "messages/s",
  better: "more",
  contenders: [
    pyile("ours", 1),
    pyile("plain", 0),
    pair("node:tls", "tls", { ...task, count: count / 5 }),
    library("libp2p", task)
  ],
  targets: against(1)
}
