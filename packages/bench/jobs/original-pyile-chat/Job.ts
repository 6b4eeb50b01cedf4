import type { Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"
import { original } from "../original/Python.ts"

const contender = (name: string, serve: string, count: number) =>
  Pair.contender({ name, serve, drive: "../original/chat-load.ts", at: import.meta.url, count, counts: "serve" })

/** The same plain senders at both, a connection for each message, one after the other. */
export const job: Job = {
  name: "original-pyile-chat",
  title: "Pyile chat received: a host of ours, and the original in Python",
  unit: "messages/s",
  better: "more",
  contenders: [
    contender("ours", "../pyile-received/ours.ts", 1500),
    original(contender("original", "../original/pyile-host.ts", 100))
  ],
  targets: []
}
