import type { Job } from "../../src/Job.ts"
import { contender, importing } from "../start/Command.ts"

const ours = ["transport", "wire", "pyile", "peerpy", "pyrate", "p2p-chat"].map((name) => `@peerage/${name}`)

/** What each package costs that imports it, Effect and Node included. */
export const job: Job = {
  name: "imports",
  title: "From the start of Node to its end, with one package imported",
  unit: "ms",
  better: "less",
  contenders: [
    importing("@peerage/transport/node", "@peerage/transport/node"),
    ...ours.map((name) => importing(name, name)),
    importing("effect", "effect"),
    importing("@effect/platform-node", "@effect/platform-node"),
    contender("node", ["-e", "0"])
  ],
  targets: []
}
