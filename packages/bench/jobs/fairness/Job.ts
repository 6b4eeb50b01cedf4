import type { Contender, Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"
import * as Folder from "./Folder.ts"

const folder = process.pid

const pair = Pair.contender({
  name: "ours",
  serve: "serve.ts",
  drive: "flood.ts",
  at: import.meta.url,
  given: { folder },
  count: 40,
  counts: "serve",
  value: Pair.told("percent")
})

const ours: Contender = {
  name: pair.name,
  open: async (scale) => {
    await Folder.make(folder)
    const { close, round } = await pair.open(scale)
    return { round, close: () => close().then(() => Folder.remove(folder)) }
  }
}

/** Peers of all protocols are flooded in nine ways, one after the other, while honest peers come. The worst flood counts. */
export const job: Job = {
  name: "fairness",
  title: "Honest peers that get in within 3 s while strangers flood a peer, the worst of nine floods",
  unit: "%",
  better: "more",
  contenders: [ours],
  targets: [],
  cold: true,
  bound: 95
}
