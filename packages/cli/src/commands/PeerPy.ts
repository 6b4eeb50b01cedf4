/** `peerage peerpy`: typed connections, and peers on the local network. */
import { Command } from "effect/cli"
import * as About from "./About.ts"
import { connect } from "./peerpy/Connect.ts"
import { discover } from "./peerpy/Discover.ts"
import { listen } from "./peerpy/Listen.ts"

/** The command. */
export const peerpy = Command.make("peerpy").pipe(
  Command.withDescription(About.sentences.peerpy),
  Command.withExamples([{ command: "peerage peerpy listen", description: "Take connections" }]),
  Command.withSubcommands([listen, connect, discover])
)
