/** A peer that loses its bootstrap, and one that leaves. */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork, PeerAddress } from "@peerage/transport"
import { Clock, Effect, Fiber, SubscriptionRef } from "effect"
import { bootstrap, directory, elapse, hub, ipOf, peerAt, port, settled, sharer, simulated } from "../Network.ts"
import { scripted } from "../searching/Topology.ts"

const minutes = (count: number) => elapse(`${count} minutes`)

describe("a peer whose bootstrap is gone", () => {
  const gone = Effect.gen(function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const peer = yield* sharer(1, { directory: yield* directory() })
    yield* network.partition(hub, ipOf(1))
    yield* minutes(5)
    yield* elapse("4 seconds")
    return { network, peer }
  })

  simulated("says so, and goes on with the peers that it knows", function*() {
    yield* scripted(() => [peerAt(1), peerAt(2)])
    const { network, peer } = yield* gone
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Reconnecting", reason: "Unreachable" })
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [peerAt(2)])
    yield* network.healAll
  })

  simulated("is back half a minute after the bootstrap is", function*() {
    const node = yield* bootstrap()
    const { network, peer } = yield* gone
    yield* minutes(12)
    assert.deepStrictEqual(yield* node.listed, [])
    yield* network.heal(hub, ipOf(1))
    yield* elapse("34 seconds")
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Joined" })
    assert.deepStrictEqual(yield* node.listed, [peer.self])
  })

  simulated("is told so by a question of its own, and back with the next", function*() {
    yield* bootstrap()
    const network = yield* MemoryNetwork.MemoryNetwork
    const peer = yield* sharer(1, { directory: yield* directory() })
    yield* network.partition(hub, ipOf(1))
    const asking = yield* Effect.forkChild(Effect.flip(peer.refresh))
    yield* elapse("4 seconds")
    assert.strictEqual((yield* Fiber.join(asking)).reason._tag, "Unreachable")
    assert.strictEqual((yield* SubscriptionRef.get(peer.status))._tag, "Reconnecting")
    yield* network.heal(hub, ipOf(1))
    yield* settled(peer.refresh)
    assert.strictEqual((yield* SubscriptionRef.get(peer.status))._tag, "Joined")
  })

  simulated("leaves all the same, within a second", function*() {
    yield* bootstrap()
    const { peer } = yield* gone
    const before = yield* Clock.currentTimeMillis
    const leaving = yield* Effect.forkChild(Effect.andThen(peer.leave, Clock.currentTimeMillis))
    yield* elapse("3 seconds")
    assert.strictEqual((yield* Fiber.join(leaving)) - before, 1000)
  })
})

describe("a peer that leaves", () => {
  simulated("unregisters, and its port is free again", function*() {
    const node = yield* bootstrap()
    const peer = yield* sharer(1, { directory: yield* directory() })
    yield* peer.leave
    assert.deepStrictEqual(yield* node.listed, [])
    assert.deepStrictEqual(node.told.at(-1), { _tag: "Left", peer: peer.self, reason: "Unregistered" })
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Left", reason: "Left" })
    const again = yield* sharer(1, { directory: yield* directory() })
    assert.strictEqual(again.self, PeerAddress.at(ipOf(1), port))
  })

  simulated("says nothing more", function*() {
    const { heard } = yield* scripted(() => [peerAt(1)])
    const peer = yield* sharer(1, { directory: yield* directory() })
    yield* peer.leave
    assert.strictEqual(heard.at(-1), `2:${port}`)
    heard.length = 0
    yield* minutes(30)
    assert.deepStrictEqual(heard, [])
  })
})
