import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, MemoryTransport, Simulation, Transport } from "@peerage/transport"
import { Cause, Clock, Effect, Exit, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const server = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4702")
const slow = MemoryNetwork.layer({ link: { latency: "20 millis" } })

const listen = Effect.flatMap(MemoryTransport.make("10.0.0.1"), (transport) => transport.listen(server))
const dial = Effect.flatMap(Transport.Transport, (transport) => transport.connect(server)).pipe(
  Effect.provide(MemoryTransport.layer("10.0.0.2"))
)

describe("a simulation", () => {
  it.effect("gives what waits for the network its time, and its result", () =>
    Effect.gen(function*() {
      const listener = yield* listen
      const pipe = yield* Simulation.during("1 second", dial)
      assert.strictEqual((yield* Queue.take(listener.accepted)).remote.port, pipe.local.port)
      assert.strictEqual(yield* Clock.currentTimeMillis, 1000)
    }).pipe(Effect.provide(slow)))

  it.effect("says so when the time was too short", () =>
    Effect.gen(function*() {
      yield* listen
      const exit = yield* Effect.exit(Simulation.during("30 millis", dial))
      assert.isTrue(Exit.isFailure(exit) && /still running after 30/.test(Cause.pretty(exit.cause)))
    }).pipe(Effect.provide(slow)))

  it.effect("lets everything happen that needs no time before it moves the clock", () =>
    Effect.gen(function*() {
      yield* listen
      const dialing = yield* Effect.forkChild(dial)
      yield* Simulation.settle
      assert.isDefined(dialing.pollUnsafe())
      assert.strictEqual(yield* Clock.currentTimeMillis, 0)
    }).pipe(Effect.provide(MemoryNetwork.layer())))
})
