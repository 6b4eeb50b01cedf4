/** A PeerPy peer that sends values of a schema: with `sendAll` those of a turn, or with a `send` for each. */
import { Connection, Peer } from "@peerage/peerpy"
import { Effect } from "effect"
import { of } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import * as Note from "../peerpy/Note.ts"

/** Messages that a turn of the event loop brings, as the plain sender has it. */
const turn = 250

effect((given) =>
  Effect.gen(function*() {
    const peer = yield* Peer.make({ listen: "127.0.0.1:0", discoveryPort: 0 })
    const connection = yield* peer.connect(`127.0.0.1:${of(given, "port")}`, { type: "json" })
    const notes = Connection.withSchema(connection, Note.Note)
    let number = 0
    return {
      round: ({ count = 0 }) =>
        Effect.gen(function*() {
          const end = number + count
          while (number < end) {
            if (given["together"] !== 1) yield* notes.send(Note.of(number++))
            else yield* notes.sendAll(Array.from({ length: Math.min(turn, end - number) }, () => Note.of(number++)))
          }
        })
    }
  })
)
