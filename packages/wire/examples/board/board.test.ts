import { assert, it } from "@effect/vitest"
import { MemoryNetwork, MemoryTransport, Simulation } from "@peerage/transport"
import { Rejoining } from "@peerage/wire"
import { Effect, Stream, SubscriptionRef } from "effect"
import * as Host from "./Host.ts"
import * as Member from "./Member.ts"
import { type BoardEvent, changes } from "./Peer.ts"

const on = (host: string) => Effect.provide(MemoryTransport.layer(host))
const join = (self: string, ip: string) =>
  Simulation.during(
    "1 second",
    Member.make({ self, host: "10.0.0.1:4802", rejoin: Rejoining.patiently }).pipe(on(ip))
  )

it.effect("a partition ends a member's session, and it comes back when the network has healed", () =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const host = yield* Host.make({ self: "hub", listen: "10.0.0.1:4802" }).pipe(on("10.0.0.1"))
    const ann = yield* join("ann", "10.0.0.2")
    const bob = yield* join("bob", "10.0.0.3")
    assert.deepStrictEqual(yield* SubscriptionRef.get(ann.peers), ["hub", "bob"])
    const events: Array<BoardEvent> = []
    yield* Effect.forkScoped(Stream.runForEach(ann.events, (event) => Effect.sync(() => events.push(event))))

    yield* Simulation.during("1 second", bob.post("hello"))
    yield* network.partition("10.0.0.1", "10.0.0.3")
    yield* Simulation.elapse("30 seconds")
    assert.deepStrictEqual(yield* SubscriptionRef.get(host.peers), ["ann"])
    assert.strictEqual((yield* SubscriptionRef.get(bob.status))._tag, "Reconnecting")

    yield* network.heal("10.0.0.1", "10.0.0.3")
    yield* Simulation.elapse("1 minute")
    yield* Simulation.during("1 second", bob.post("again"))
    assert.deepStrictEqual(events, [
      { _tag: "Posted", from: "bob", post: "hello" },
      { _tag: "Left", peer: "bob" },
      { _tag: "Joined", peer: "bob" },
      { _tag: "Posted", from: "bob", post: "again" }
    ])
  }).pipe(Effect.provide(MemoryNetwork.layer({ link: { latency: "20 millis" } }))))

it.effect("a name that is taken is refused", () =>
  Effect.gen(function*() {
    yield* Host.make({ self: "hub", listen: "10.0.0.1:4802" }).pipe(on("10.0.0.1"))
    yield* join("ann", "10.0.0.2")
    assert.strictEqual((yield* Effect.flip(join("ann", "10.0.0.3")))._tag, "PeerClosed")
  }).pipe(Effect.provide(MemoryNetwork.layer())))

it("from one list to the next, peers leave and join", () => {
  assert.deepStrictEqual(changes(["ann", "bob"], ["bob", "eve"]), [
    { _tag: "Left", peer: "ann" },
    { _tag: "Joined", peer: "eve" }
  ])
})
