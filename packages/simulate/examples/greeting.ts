/** A server that greets whoever connects. */
import { Transport } from "@peerage/transport"
import { Effect, Layer } from "effect"
import * as NetAddress from "effect/net/NetAddress"

export const Server = Layer.effectDiscard(Effect.gen(function*() {
  const transport = yield* Transport.Transport
  const listener = yield* transport.listen(NetAddress.inetAddressFromStringUnsafe("0.0.0.0:4702"))
  yield* Effect.forkScoped(listener.run((connection) =>
    Effect.gen(function*() {
      yield* connection.reader
      const { write } = yield* connection.writer
      yield* write("hello from server")
    })
  ))
}))

export const ask = Effect.fn("ask")(function*(host: string) {
  const transport = yield* Transport.Transport
  const address = NetAddress.inetAddressFromStringUnsafe(`${host}:4702`)
  const answer = yield* transport.request(address, new TextEncoder().encode("hello"))
  return new TextDecoder().decode(answer.bytes)
})
