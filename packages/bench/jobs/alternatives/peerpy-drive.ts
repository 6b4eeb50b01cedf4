/** A PeerPy peer that sends bytes over a connection, and waits for each answer where there are some. */
import { Peer } from "@peerage/peerpy"
import { Effect, Stream } from "effect"
import { of } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import { check, message, tasks } from "./Library.ts"

effect((given) =>
  Effect.gen(function*() {
    const peer = yield* Peer.make({ listen: "127.0.0.1:0", discoveryPort: 0 })
    const connection = yield* peer.connect(`127.0.0.1:${of(given, "port")}`, { type: "bytes" })
    const oneWay = Effect.fnUntraced(function*(count: number) {
      for (let sent = 0; sent < count; sent++) yield* connection.send(message)
    })
    const pingPong = (count: number) =>
      Effect.andThen(
        connection.send(message),
        Stream.runForEach(Stream.take(connection.values, count), (answer) => {
          check(answer.length)
          return --count === 0 ? Effect.void : connection.send(message)
        })
      )
    return {
      round: ({ count = 0 }) =>
        Effect.gen(function*() {
          const begun = performance.now()
          yield* of(given, "task") === tasks.oneway ? oneWay(count) : pingPong(count)
          return { roundTrip: (performance.now() - begun) / count * 1000 }
        })
    }
  })
)
