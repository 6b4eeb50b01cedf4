/** A peer and its bootstrap: registered, kept alive, out of reach, and left. */
import { assert, describe } from "@effect/vitest"
import { BootstrapNode, FilePeer } from "@peerage/pyrate"
import { Keyed } from "@peerage/testing"
import { MemoryNetwork, MemoryTransport, PeerAddress } from "@peerage/transport"
import { Clock, Duration, Effect, Fiber, SubscriptionRef } from "effect"
import {
  bootstrap,
  directory,
  elapse,
  hub,
  ipOf,
  listener,
  name,
  peerAt,
  port,
  settle,
  settled,
  sharer,
  simulated
} from "../Network.ts"
import { scripted } from "../searching/Topology.ts"

const minutes = (count: number) => elapse(`${count} minutes`)

describe("a peer that begins", () => {
  simulated("registers, and then asks who is there", function*() {
    const { heard } = yield* scripted(() => [peerAt(1), peerAt(2)])
    const peer = yield* sharer(1)
    assert.deepStrictEqual(heard, [`0:${port}`, "1:1000"])
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [peerAt(2)])
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Joined" })
  })

  simulated("fails where no bootstrap is", function*() {
    yield* MemoryTransport.make(hub)
    const error = yield* Effect.flip(sharer(1))
    assert.strictEqual(error._tag, "PeerError")
    assert.deepInclude(error.reason, { _tag: "Unreachable", code: "ECONNREFUSED" })
  })

  simulated("fails after four seconds where the bootstrap's machine is gone", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    yield* bootstrap()
    yield* network.kill(hub)
    const entering = yield* Effect.forkChild(Effect.flip(sharer(1)))
    yield* settle
    yield* elapse("4 seconds")
    assert.deepInclude((yield* Fiber.join(entering)).reason, { _tag: "Unreachable", code: "ETIMEDOUT" })
  })

  simulated("fails where the bootstrap takes its registration and never tells who is there", function*() {
    yield* listener(`${hub}:21168`)
    const entering = yield* Effect.forkChild(Effect.flip(sharer(1)))
    yield* settle
    // For its registration, for the list, and for its farewell.
    for (const patience of ["10 seconds", "10 seconds", "1 second"] as const) yield* elapse(patience)
    assert.strictEqual((yield* Fiber.join(entering)).reason._tag, "PeerUnresponsive")
  })

  simulated("does not count itself, nor anybody twice", function*() {
    yield* scripted(() => [peerAt(2), peerAt(1), peerAt(2), peerAt(3)])
    const peer = yield* sharer(1)
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [peerAt(2), peerAt(3)])
  })

  simulated("knows no more peers than it has room for", function*() {
    const { heard } = yield* scripted(() => [peerAt(1), peerAt(2), peerAt(3), peerAt(4)])
    const peer = yield* sharer(1, { config: { maxPeers: 2 } })
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [peerAt(2), peerAt(3)])
    assert.include(heard, "1:2")
  })

  simulated("comes to its bootstrap from the address that it listens at", function*() {
    const node = yield* bootstrap()
    const network = yield* MemoryNetwork.MemoryNetwork
    // The first address is the one that the machine dials from if nobody says otherwise.
    network.transport(["10.9.9.9", ipOf(1)])
    const peer = yield* sharer(1)
    assert.deepStrictEqual(yield* node.listed, [peer.self])
  })
})

describe("a peer that stays", () => {
  simulated("says every five minutes that it is there, and asks for the others", function*() {
    const { heard } = yield* scripted(() => [peerAt(1)])
    yield* sharer(1)
    heard.length = 0
    yield* elapse("299999 millis")
    assert.deepStrictEqual(heard, [])
    yield* elapse("1 millis")
    assert.deepStrictEqual(heard, [`3:${port}`, "1:1000"])
    yield* minutes(5)
    assert.strictEqual(heard.length, 4)
  })

  simulated("is listed for as long as it stays", function*() {
    const node = yield* bootstrap()
    const peer = yield* sharer(1)
    for (let round = 0; round < 10; round++) yield* minutes(7)
    assert.deepStrictEqual(yield* node.listed, [peer.self])
    assert.deepStrictEqual(node.told, [{ _tag: "Joined", peer: peer.self }])
  })

  simulated("learns within five minutes who came and who left, and tells", function*() {
    yield* bootstrap()
    const one = yield* sharer(1)
    const two = yield* sharer(2)
    yield* minutes(5)
    assert.deepStrictEqual(yield* SubscriptionRef.get(one.peers), [two.self])
    yield* minutes(5)
    yield* two.leave
    yield* minutes(5)
    assert.deepStrictEqual(one.told.filter(({ _tag }) => _tag === "Peers"), [
      { _tag: "Peers", peers: [two.self] },
      { _tag: "Peers", peers: [] }
    ])
  })

  simulated("learns at once when it is asked to", function*() {
    yield* bootstrap()
    const one = yield* sharer(1)
    const two = yield* sharer(2)
    yield* settled(one.refresh)
    assert.deepStrictEqual(yield* SubscriptionRef.get(one.peers), [two.self])
  })

  simulated("keeps alive while all its downloads hang", function*() {
    const { heard } = yield* scripted(() => [peerAt(1)])
    const peer = yield* sharer(1, { config: { maxWorkers: 1, idleTimeout: Duration.hours(1) } })
    yield* listener(`${ipOf(9)}:${port}`)
    yield* Effect.forkChild(Effect.ignore(peer.download(peerAt(9), name("a.txt"))))
    yield* settle
    heard.length = 0
    yield* minutes(5)
    assert.deepStrictEqual(heard, [`3:${port}`, "1:1000"])
  })

  simulated("registers again when it is missing from the list, as after the bootstrap's restart", function*() {
    const listed = [peerAt(1)]
    const { heard } = yield* scripted(() => listed)
    yield* sharer(1)
    listed.length = 0
    heard.length = 0
    yield* minutes(5)
    assert.deepStrictEqual(heard, [`3:${port}`, "1:1000", `2:${port}`, `0:${port}`])
  })

  simulated("does not take a list that is cut short for one that it is missing from", function*() {
    const { heard } = yield* scripted(() => [peerAt(2), peerAt(3)])
    yield* sharer(1, { config: { maxPeers: 2 } })
    assert.deepStrictEqual(heard, [`0:${port}`, "1:2"])
  })
})

describe("a peer whose bootstrap is gone", () => {
  const gone = Effect.gen(function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const peer = yield* sharer(1)
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
    const peer = yield* sharer(1)
    // A secure transport takes whom it has just heard of to be there.
    yield* elapse("3 seconds")
    yield* network.partition(hub, ipOf(1))
    const asking = yield* Effect.forkChild(Effect.flip(peer.refresh))
    yield* elapse("4 seconds")
    assert.strictEqual((yield* Fiber.join(asking)).reason._tag, "Unreachable")
    assert.strictEqual((yield* SubscriptionRef.get(peer.status))._tag, "Reconnecting")
    yield* network.heal(hub, ipOf(1))
    yield* settled(peer.refresh)
    assert.strictEqual((yield* SubscriptionRef.get(peer.status))._tag, "Joined")
  })

  simulated("is tried no more when a secure transport refuses the peer for good", function*() {
    const keyed = Keyed.make()
    let verdict: "Pass" | "Banned" = "Pass"
    const gate = { judge: () => verdict, guessed: () => {}, admitted: () => {} }
    yield* keyed.on({ ip: hub, key: Keyed.keyOf(1), gate }, BootstrapNode.make({}))
    const options = { bootstrap: hub, listen: peerAt(1), directory: yield* directory() }
    const peer = yield* settled(keyed.on({ ip: ipOf(1), key: Keyed.keyOf(2) }, FilePeer.make(options)))
    verdict = "Banned"
    yield* minutes(5)
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Left", reason: "Banned" })
    const network = yield* MemoryNetwork.MemoryNetwork
    const before = (yield* network.trace).length
    verdict = "Pass"
    yield* elapse("1 hour")
    assert.strictEqual((yield* network.trace).length, before)
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
    const peer = yield* sharer(1)
    yield* peer.leave
    assert.deepStrictEqual(yield* node.listed, [])
    assert.deepStrictEqual(node.told.at(-1), { _tag: "Left", peer: peer.self, reason: "Unregistered" })
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Left", reason: "Left" })
    const again = yield* sharer(1)
    assert.strictEqual(again.self, PeerAddress.at(ipOf(1), port))
  })

  simulated("says nothing more", function*() {
    const { heard } = yield* scripted(() => [peerAt(1)])
    const peer = yield* sharer(1)
    yield* peer.leave
    assert.strictEqual(heard.at(-1), `2:${port}`)
    heard.length = 0
    yield* minutes(30)
    assert.deepStrictEqual(heard, [])
  })
})
