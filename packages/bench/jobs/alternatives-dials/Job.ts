import type { Job } from "../../src/Job.ts"
import { library, ours } from "../alternatives/Contenders.ts"

const task = { task: "dials", count: 4000 } as const

/** 16 at once. zeromq takes no part: it connects when it likes and tells nobody. libp2p agrees on keys as well. */
export const job: Job = {
  name: "alternatives-dials",
  title: "Connections dialed, accepted and closed: transport's ordinary doors, ws, libp2p (noise, yamux)",
  unit: "connections/s",
  better: "more",
  contenders: [ours("transport", task), library("ws", task), library("libp2p", task, 0.1)],
  targets: []
}
