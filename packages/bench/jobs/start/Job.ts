import type { Job } from "../../src/Job.ts"
import * as Built from "./Built.ts"
import { contender, importing } from "./Command.ts"

/** How long a person waits for the command, beside what Effect takes to load, alone and with what any command needs. */
export const job: Job = {
  name: "start",
  title: "From the start of peerage --help to its end",
  unit: "ms",
  better: "less",
  contenders: [
    contender("ours", [Built.entrypoint, "--help"]),
    importing("effect", "effect"),
    importing("effect, its cli, Node's services", "effect", "effect/cli", "@effect/platform-node/NodeServices"),
    contender("node", ["-e", "0"])
  ],
  targets: [{ against: "effect", ratio: 1.5 }]
}
