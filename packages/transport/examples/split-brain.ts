import { MemoryNetwork, Trace } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"

/** Under `TestClock` the 20 seconds until keep-alive gives up take no time. */
export const splitBrain = Effect.gen(function*() {
  const network = yield* MemoryNetwork.make({ seed: 7, link: { latency: "10 millis", loss: 0.01 } })
  const server = network.transport("10.0.0.1")
  const client = network.transport("10.0.0.2")
  const listener = yield* server.listen(NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4702"))
  const { pull } = yield* client.dial(listener.address, { keepAlive: "10 seconds" }).reader
  yield* network.partition("10.0.0.1", "10.0.0.2")
  const error = yield* Effect.flip(pull)
  return { error, chart: Trace.chart(yield* network.trace) }
})
