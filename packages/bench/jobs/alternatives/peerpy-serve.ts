/** A PeerPy peer that takes bytes, and says them again where they are to be answered. */
import { Peer } from "@peerage/peerpy"
import { Effect, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import * as Counting from "./Counting.ts"

effect((given) =>
  Effect.gen(function*() {
    const { answers, heard, round } = yield* Effect.promise(() => Counting.make(given))
    const peer = yield* Peer.make({
      listen: "127.0.0.1:0",
      discoveryPort: 0,
      serve: (connection) => {
        if (connection.type !== "bytes") return Effect.void
        const count = (messages: ReadonlyArray<Uint8Array>) => messages.forEach(({ length }) => heard(length))
        const take = (messages: ReadonlyArray<Uint8Array>) =>
          answers
            ? Effect.andThen(Effect.sync(() => count(messages)), Effect.forEach(messages, connection.send))
            : Effect.sync(() => count(messages))
        return Effect.orDie(Stream.runForEachArray(connection.values, take))
      }
    })
    return { ready: { port: peer.address.port }, round: (facts) => Effect.promise(() => round(facts)) }
  })
)
