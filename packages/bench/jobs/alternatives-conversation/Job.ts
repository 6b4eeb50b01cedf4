import type { Job } from "../../src/Job.ts"
import { library, ours } from "../alternatives/Contenders.ts"

const task = { task: "conversation", count: 5000 } as const

/** 16 at once. libp2p has one connection and a stream for each, the others a connection for each. */
export const job: Job = {
  name: "alternatives-conversation",
  title: "A new conversation for each message and its answer: transport's request, ws, zeromq, a libp2p stream",
  unit: "conversations/s",
  better: "more",
  contenders: [ours("transport", task), library("ws", task), library("zeromq", task), library("libp2p", task)],
  targets: []
}
