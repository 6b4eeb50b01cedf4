/** A listener whose connections say again what they hear, or just are: `bare` ones as pipes. */
import { type Pipe, Transport } from "@peerage/transport"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Facts } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import * as Counting from "./Counting.ts"
import * as Secured from "./Secured.ts"

effect((given) =>
  Effect.gen(function*() {
    const { answers, dialed, heard, round } = yield* Effect.promise(() => Counting.make(given))
    const transport = yield* Transport.Transport
    const held: Array<Pipe.Pipe> = []
    const listener = yield* transport.listen(NetAddress.inetAddressFromStringUnsafe("127.0.0.1:0"))
    const hold = Effect.gen(function*() {
      while (true) {
        held.push(yield* Queue.take(listener.accepted))
        dialed()
      }
    })
    const talk = listener.run((connection) =>
      Effect.gen(function*() {
        const { pull } = yield* connection.reader
        dialed()
        const writer = yield* connection.writer
        while (true) {
          const chunks = yield* pull
          for (const { length } of chunks) heard(length)
          if (answers) yield* writer.writeAll(chunks)
        }
      })
    )
    yield* Effect.forkScoped(given["bare"] === 1 ? hold : talk)
    return { ready: { port: listener.address.port }, round: (facts: Facts) => Effect.promise(() => round(facts)) }
  }).pipe(Secured.over(given, "serve"))
)
