import { of } from "../../src/Facts.ts"
import type { Job } from "../../src/Job.ts"
import { contenders } from "../secure/Contenders.ts"

const value = (name: "each" | "held") => ({ served }: { readonly served: Readonly<Record<string, number>> }) =>
  of(served, name) / 1024

const given = { bare: 1 }

/** Resident memory of the side that was dialed. Each round adds as many connections, as pipes, and all of them stay. */
export const job: Job = {
  name: "secure-idle",
  title:
    "Memory of an idle session that was accepted, with one stream: ours, plain, node:tls 1.3, libp2p (noise, yamux)",
  unit: "KB",
  better: "less",
  contenders: contenders({ task: "idle", count: 500, value: value("each"), given }, { apart: true, others: 0.4 }),
  targets: [{ against: "node:tls", ratio: 0.5 }, { against: "libp2p", ratio: 1 }]
}

/**
 * What JavaScript holds for a stream in a session with others, as resident memory is too coarse for it. Plain and TLS have no
 * streams; what OpenSSL holds is not counted here.
 */
export const stream: Job = {
  name: "secure-idle-stream",
  title: "Memory of an idle stream that was accepted: ours, a plain connection, one of node:tls 1.3, a libp2p stream",
  unit: "KB",
  better: "less",
  contenders: contenders({ task: "streams", count: 1000, value: value("held"), given }, { others: 0.5 }),
  targets: [{ against: "libp2p", ratio: 1 }],
  bound: 3
}
