import { assert, it } from "@effect/vitest"
import { AuthPeer, JoinPeer } from "@peerage/pyile"
import { MemoryNetwork, MemoryTransport, Simulation } from "@peerage/transport"
import { Effect, Redacted, SubscriptionRef } from "effect"

const password = Redacted.make("sesame")
const join = JoinPeer.make({ host: "10.0.0.1", password }).pipe(Effect.provide(MemoryTransport.layer("10.0.0.2")))

it.effect("a partition removes a peer from the list", () =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const host = yield* AuthPeer.make({ password }).pipe(Effect.provide(MemoryTransport.layer("10.0.0.1")))
    const peer = yield* Simulation.during("1 second", join)
    assert.deepStrictEqual(yield* SubscriptionRef.get(host.peers), [peer.self])
    yield* network.partition("10.0.0.1", "10.0.0.2")
    yield* Simulation.elapse("10 seconds")
    assert.deepStrictEqual(yield* SubscriptionRef.get(host.peers), [])
  }).pipe(Effect.provide(MemoryNetwork.layer({ link: { latency: "20 millis" } }))))
