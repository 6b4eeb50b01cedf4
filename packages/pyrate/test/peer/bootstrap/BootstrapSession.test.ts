/** A peer and its bootstrap: registered, and kept alive. */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork, MemoryTransport } from "@peerage/transport"
import { Duration, Effect, Fiber, SubscriptionRef } from "effect"
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
    const peer = yield* sharer(1, { directory: yield* directory() })
    assert.deepStrictEqual(heard, [`0:${port}`, "1:1000"])
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [peerAt(2)])
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Joined" })
  })

  simulated("fails where no bootstrap is", function*() {
    yield* MemoryTransport.make(hub)
    const error = yield* Effect.flip(sharer(1, { directory: yield* directory() }))
    assert.strictEqual(error._tag, "PeerError")
    assert.deepInclude(error.reason, { _tag: "Unreachable", code: "ECONNREFUSED" })
  })

  simulated("fails after four seconds where the bootstrap's machine is gone", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    yield* bootstrap()
    yield* network.kill(hub)
    const entering = yield* Effect.forkChild(Effect.flip(sharer(1, { directory: yield* directory() })))
    yield* settle
    yield* elapse("4 seconds")
    assert.deepInclude((yield* Fiber.join(entering)).reason, { _tag: "Unreachable", code: "ETIMEDOUT" })
  })

  simulated("fails where the bootstrap takes its registration and never tells who is there", function*() {
    yield* listener(`${hub}:21168`)
    const entering = yield* Effect.forkChild(Effect.flip(sharer(1, { directory: yield* directory() })))
    yield* settle
    // For its registration, for the list, and for its farewell.
    for (const patience of ["10 seconds", "10 seconds", "1 second"] as const) yield* elapse(patience)
    assert.strictEqual((yield* Fiber.join(entering)).reason._tag, "PeerUnresponsive")
  })

  simulated("does not count itself, nor anybody twice", function*() {
    yield* scripted(() => [peerAt(2), peerAt(1), peerAt(2), peerAt(3)])
    const peer = yield* sharer(1, { directory: yield* directory() })
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [peerAt(2), peerAt(3)])
  })

  simulated("knows no more peers than it has room for", function*() {
    const { heard } = yield* scripted(() => [peerAt(1), peerAt(2), peerAt(3), peerAt(4)])
    const peer = yield* sharer(1, { directory: yield* directory(), config: { maxPeers: 2 } })
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [peerAt(2), peerAt(3)])
    assert.include(heard, "1:2")
  })

  simulated("comes to its bootstrap from the address that it listens at", function*() {
    const node = yield* bootstrap()
    const network = yield* MemoryNetwork.MemoryNetwork
    // The first address is the one that the machine dials from if nobody says otherwise.
    network.transport(["10.9.9.9", ipOf(1)])
    const peer = yield* sharer(1, { directory: yield* directory() })
    assert.deepStrictEqual(yield* node.listed, [peer.self])
  })
})

describe("a peer that stays", () => {
  simulated("says every five minutes that it is there, and asks for the others", function*() {
    const { heard } = yield* scripted(() => [peerAt(1)])
    yield* sharer(1, { directory: yield* directory() })
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
    const peer = yield* sharer(1, { directory: yield* directory() })
    for (let round = 0; round < 10; round++) yield* minutes(7)
    assert.deepStrictEqual(yield* node.listed, [peer.self])
    assert.deepStrictEqual(node.told, [{ _tag: "Joined", peer: peer.self }])
  })

  simulated("learns within five minutes who came and who left, and tells", function*() {
    yield* bootstrap()
    const one = yield* sharer(1, { directory: yield* directory() })
    const two = yield* sharer(2, { directory: yield* directory() })
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
    const one = yield* sharer(1, { directory: yield* directory() })
    const two = yield* sharer(2, { directory: yield* directory() })
    yield* settled(one.refresh)
    assert.deepStrictEqual(yield* SubscriptionRef.get(one.peers), [two.self])
  })

  simulated("keeps alive while all its downloads hang", function*() {
    const { heard } = yield* scripted(() => [peerAt(1)])
    const peer = yield* sharer(1, {
      directory: yield* directory(),
      config: { maxWorkers: 1, idleTimeout: Duration.hours(1) }
    })
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
    yield* sharer(1, { directory: yield* directory() })
    listed.length = 0
    heard.length = 0
    yield* minutes(5)
    assert.deepStrictEqual(heard, [`3:${port}`, "1:1000", `2:${port}`, `0:${port}`])
  })

  simulated("does not take a list that is cut short for one that it is missing from", function*() {
    const { heard } = yield* scripted(() => [peerAt(2), peerAt(3)])
    yield* sharer(1, { directory: yield* directory(), config: { maxPeers: 2 } })
    assert.deepStrictEqual(heard, [`0:${port}`, "1:2"])
  })
})
