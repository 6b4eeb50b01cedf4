import type { Job } from "../../src/Job.ts"
import { told } from "../../src/Pair.ts"
import { library, ours } from "../alternatives/Contenders.ts"

const task = { task: "pingpong", count: 10_000, value: told("roundTrip") } as const

/** One connection, one message under way. */
export const job: Job = {
  name: "alternatives-pingpong",
  title: "A message of 100 bytes there and back: a PeerPy connection, ws, zeromq request and reply, a libp2p stream",
  unit: "us",
  better: "less",
  contenders: [ours("peerpy", task), library("ws", task), library("zeromq", task), library("libp2p", task)],
  targets: []
}
