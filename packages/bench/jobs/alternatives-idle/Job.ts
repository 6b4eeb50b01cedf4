import { of } from "../../src/Facts.ts"
import type { Job } from "../../src/Job.ts"
import { library, ours } from "../alternatives/Contenders.ts"

const task = {
  task: "idle",
  count: 1000,
  value: ({ served }: { readonly served: Readonly<Record<string, number>> }) => of(served, "each") / 1024
} as const

/** Resident memory of the side that was dialed. Each round adds as many connections, and all of them stay. */
export const job: Job = {
  name: "alternatives-idle",
  title: "Memory of an idle connection that was accepted: transport's ordinary door, ws, zeromq, libp2p (noise, yamux)",
  unit: "KB",
  better: "less",
  contenders: [
    ours("transport", task),
    library("ws", task),
    library("zeromq", task, 0.5),
    library("libp2p", task, 0.1)
  ],
  targets: []
}
