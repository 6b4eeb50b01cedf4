import { of } from "../../src/Facts.ts"
import type { Job } from "../../src/Job.ts"
import { contenders } from "../secure/Contenders.ts"

const value = ({ served }: { readonly served: Readonly<Record<string, number>> }) => of(served, "each") / 1024

/** Resident memory of the side that was dialed. Each round adds as many connections, and all of them stay. */
export const job: Job = {
  name: "secure-idle",
  title:
    "Memory of an idle session that was accepted, with one stream: ours, plain, node:tls 1.3, libp2p (noise, yamux)",
  unit: "KB",
  better: "less",
  contenders: contenders({ task: "idle", count: 500, value }, { apart: true, others: 0.4 }),
  targets: [{ against: "node:tls", ratio: 0.5 }, { against: "libp2p", ratio: 1 }]
}

/** The same of a stream in a session with others; plain and TLS have no such thing. */
export const stream: Job = {
  name: "secure-idle-stream",
  title: "Memory of an idle stream that was accepted: ours, a plain connection, one of node:tls 1.3, a libp2p stream",
  unit: "KB",
  better: "less",
  contenders: contenders({ task: "streams", count: 1000, value }, { others: 0.5 }),
  targets: [{ against: "libp2p", ratio: 1 }],
  bound: 3
}
