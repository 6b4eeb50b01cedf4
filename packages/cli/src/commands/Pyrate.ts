/** `peerage pyrate`: files, shared and found. */
import { Sha256 } from "@peerage/pyrate"
import { Command } from "effect/cli"
import { createHash } from "node:crypto"
import * as About from "./About.ts"
import { bootstrap } from "./pyrate/Bootstrap.ts"
import { get } from "./pyrate/Get.ts"
import { list } from "./pyrate/List.ts"
import { search } from "./pyrate/Search.ts"
import { share } from "./pyrate/Share.ts"

/** The command. */
export const pyrate = Command.make("pyrate").pipe(
  Command.withDescription(About.sentences.pyrate),
  Command.withExamples([{
    command: "peerage pyrate share FOLDER --bootstrap 192.0.2.1",
    description: "Share a folder"
  }]),
  Command.withSubcommands([bootstrap, share, list, get, search]),
  Command.provideSync(Sha256.Sha256, () => () => createHash("sha256"))
)
