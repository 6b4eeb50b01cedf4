import { NodeRuntime } from "@effect/platform-node"
import { Connection, Peer } from "@peerage/peerpy"
import { NodeTransport } from "@peerage/transport/node"
import { Console, Effect, Schema, Stream } from "effect"

/** What this application says; anything else that comes is a typed error. */
const Move = Schema.Struct({ piece: Schema.String, to: Schema.String })

const program = Effect.gen(function*() {
  const bob = yield* Peer.make({
    listen: "127.0.0.1:0",
    offer: ({ type }) => Effect.succeed(type === "json"),
    serve: (connection) =>
      connection.type === "json"
        ? Effect.ignore(Stream.runForEach(Connection.withSchema(connection, Move).values, ({ piece, to }) =>
          connection.send(`my ${piece} takes ${to}`)))
        : Effect.void
  })
  const alice = yield* Peer.make({ listen: "127.0.0.1:0" })
  const game = yield* alice.connect(bob.self, { type: "json" })
  yield* Connection.withSchema(game, Move).send({ piece: "knight", to: "f3" })
  yield* Console.log(yield* game.receive)
})

program.pipe(Effect.scoped, Effect.provide(NodeTransport.layer), NodeRuntime.runMain)
