import type { Job } from "../../src/Job.ts"
import { library, ours } from "../alternatives/Contenders.ts"

const task = { task: "oneway", count: 500_000 } as const

/** One connection, one way. libp2p encrypts and keeps no boundaries of messages, the others do not and do. */
export const job: Job = {
  name: "alternatives-oneway",
  title: "Messages of 100 bytes one way: a PeerPy connection, ws, zeromq push and pull, a libp2p stream (noise, yamux)",
  unit: "messages/s",
  better: "more",
  contenders: [ours("peerpy", task), library("ws", task), library("zeromq", task), library("libp2p", task, 0.2)],
  targets: []
}
