/** A PeerPy peer that takes values of a schema, a chunk of them at a time. */
import { Connection, Peer } from "@peerage/peerpy"
import { Effect, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import * as Note from "../peerpy/Note.ts"
import { Tally } from "../Tally.ts"

effect(() =>
  Effect.gen(function*() {
    const tally = new Tally()
    const reader = new Note.Reader()
    const take = (notes: ReadonlyArray<Note.Note>) =>
      Effect.sync(() => {
        for (const note of notes) reader.read(note)
        tally.add(notes.length)
      })
    const peer = yield* Peer.make({
      listen: "127.0.0.1:0",
      discoveryPort: 0,
      offer: ({ type }) => Effect.succeed(type === "json"),
      serve: (connection) =>
        connection.type === "json"
          ? Effect.orDie(Stream.runForEachArray(Connection.withSchema(connection, Note.Note).values, take))
          : Effect.void
    })
    return { ready: { port: peer.address.port }, round: ({ count = 0 }) => Effect.promise(() => tally.more(count)) }
  })
)
