/** A listener whose connections say again what they hear, or just are. */
import { Transport } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Facts } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import * as Counting from "./Counting.ts"
import * as Secured from "./Secured.ts"

effect((given) =>
  Effect.gen(function*() {
    const { answers, dialed, heard, round } = yield* Effect.promise(() => Counting.make(given))
    const transport = yield* Transport.Transport
    const listener = yield* transport.listen(NetAddress.inetAddressFromStringUnsafe("127.0.0.1:0"))
    yield* Effect.forkScoped(listener.run((connection) =>
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
    ))
    return { ready: { port: listener.address.port }, round: (facts: Facts) => Effect.promise(() => round(facts)) }
  }).pipe(Secured.over(given, "serve"))
)
