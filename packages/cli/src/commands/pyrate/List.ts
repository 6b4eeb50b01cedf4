/** `peerage pyrate list`: asks a peer which files it shares. */
import { Client } from "@peerage/pyrate"
import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { perform } from "../../before/Perform.ts"
import * as Teller from "../../before/Teller.ts"
import { argument } from "../../Flags.ts"
import type { Event } from "../../pyrate/Answer.ts"
import * as Values from "../../Values.ts"
import { peerAt, tuned } from "./Common.ts"

const name = "peerage pyrate list"

/** The command. */
export const list = Command.make(
  "list",
  { peer: argument("HOST:PORT", "The peer's address or name, and its port") },
  (given) =>
    perform(
      name,
      Effect.fnUntraced(function*({ json, values }) {
        if (given.peer === undefined) values.mistake("HOST:PORT is missing: whose files, such as 192.0.2.2:5005")
        const address = values.optional(given.peer, Values.remoteAddress) ?? { host: "", port: 0 }
        yield* values.done

        const client = yield* Client.make(yield* tuned(name))
        const peer = yield* peerAt(address)
        const files = yield* client.list(peer)
        if (json) return yield* Teller.programs<Event>()([{ _tag: "Files", peer, files }], true)
        if (files.length > 0) return yield* Console.log(files.join("\n"))
        // Not on standard output, where a script takes every line for a name.
        yield* Console.error(`${peer} shares nothing.`)
      }, Effect.scoped)
    )
).pipe(
  Command.withDescription("Print the names of a peer's files, one a line; an original does not survive the question"),
  Command.withExamples([{ command: "peerage pyrate list 192.0.2.2:5005", description: "What the peer there shares" }])
)
