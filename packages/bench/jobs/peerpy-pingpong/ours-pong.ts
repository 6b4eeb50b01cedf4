/** A PeerPy peer that sends back what it is sent. */
import { Peer } from "@peerage/peerpy"
import { Effect } from "effect"
import { effect } from "../../src/Program.ts"
import { Tally } from "../Tally.ts"

effect(() =>
  Effect.gen(function*() {
    const answered = new Tally()
    const peer = yield* Peer.make({
      listen: "127.0.0.1:0",
      discoveryPort: 0,
      serve: (connection) =>
        connection.type === "bytes"
          ? Effect.ignore(Effect.forever(
            Effect.flatMap(connection.receive, (bytes) => {
              answered.add(1)
              return connection.send(bytes)
            }),
            { disableYield: true }
          ))
          : Effect.void
    })
    return { ready: { port: peer.address.port }, round: ({ count = 0 }) => Effect.promise(() => answered.more(count)) }
  })
)
