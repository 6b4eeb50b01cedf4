import type { Job } from "../../src/Job.ts"
import { told } from "../../src/Pair.ts"
import { against, contenders } from "../secure/Contenders.ts"

/** One at a time. Both ends prove their keys, but those of plain. libp2p opens a stream on a connection that it has made. */
export const job: Job = {
  name: "secure-connect",
  title: "A connection of its own by key, a message of 100 bytes and its answer: ours, plain, node:tls 1.3, libp2p",
  unit: "us",
  better: "less",
  contenders: contenders({ task: "meeting", count: 1000, value: told("roundTrip") }, { apart: true, others: 0.3 }),
  targets: against(40)
}

/** One at a time. A stream in a session that is kept, which plain and TLS have not: they connect. */
export const kept: Job = {
  name: "secure-connect-kept",
  title: "A dial in a kept session, a message of 100 bytes and its answer: ours, plain, node:tls 1.3, a libp2p stream",
  unit: "us",
  better: "less",
  contenders: contenders({ task: "turns", count: 2000, value: told("roundTrip") }),
  targets: against(2)
}
