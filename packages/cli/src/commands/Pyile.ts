/** `peerage pyile`: password-protected chat networks. */
import { Command } from "effect/cli"
import * as About from "./About.ts"
import { host } from "./Host.ts"
import { join } from "./Join.ts"

/** The command. */
export const pyile = Command.make("pyile").pipe(
  Command.withDescription(About.sentences.pyile),
  Command.withExamples([{ command: "peerage pyile host", description: "Host a network" }]),
  Command.withSubcommands([host, join])
)
