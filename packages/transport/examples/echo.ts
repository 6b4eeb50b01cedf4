import { Transport } from "@peerage/transport"
import { Effect } from "effect"
import type * as NetAddress from "effect/net/NetAddress"

export const echo = Effect.fn("echo")(function*(address: NetAddress.InetAddress) {
  const transport = yield* Transport.Transport
  const listener = yield* transport.listen(address, { maxPerAddress: 16, idleLimit: "1 minute" })
  return yield* listener.run((connection) =>
    Effect.gen(function*() {
      const reader = yield* connection.reader
      const writer = yield* connection.writer
      while (true) yield* writer.writeAll(yield* reader.pull)
    })
  )
}, Effect.scoped)

export const greet = Effect.fn("greet")(function*(address: NetAddress.InetAddress) {
  const transport = yield* Transport.Transport
  const connection = transport.dial(address, { connectTimeout: "5 seconds" })
  const reader = yield* connection.reader // dials; this scope owns the connection
  const writer = yield* connection.writer
  yield* writer.write("hello from " + reader.local)
  return new TextDecoder().decode((yield* reader.pull)[0])
}, Effect.scoped)
