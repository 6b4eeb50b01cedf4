import { assert, it } from "@effect/vitest"
import { MemoryNetwork, MemoryTransport, Simulation, SocketFailure, Transport } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const address = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4702")

const dial = Effect.gen(function*() {
  const transport = yield* Transport.Transport
  return yield* transport.dial(address, { keepAlive: "10 seconds" }).reader
}).pipe(Effect.provide(MemoryTransport.layer("10.0.0.2")))

it.effect("a reader fails when its peer's host dies", () =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const server = yield* MemoryTransport.make("10.0.0.1")
    yield* server.listen(address)
    const reader = yield* Simulation.during("1 second", dial)
    yield* network.kill("10.0.0.1")
    const error = yield* Simulation.during("30 seconds", Effect.flip(reader.pull))
    assert.strictEqual(SocketFailure.errno(error), "ETIMEDOUT")
  }).pipe(Effect.provide(MemoryNetwork.layer({ link: { latency: "20 millis" } }))))
