/** A peer and its bootstrap: registered, and kept alive. */
import { assert, describe, it } from "@effect/vitest"
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
  sent,
  settle,
  settled,
  sharer,
  world
} from "../Network.ts"
import { scripted } from "../searching/Topology.ts"

const minutes = (count: number) => elapse(`${count} minutes`)

describe("a peer that begins", () => {
  it.effect("registers, and then asks who is there", () =>
    Effect.gen(function*() {
      const { heard } = yield* scripted(() => [peerAt(1), peerAt(2)])
      const peer = yield* sharer(1, { directory: yield* directory() })
      assert.deepStrictEqual(heard, [`0:${port}`, "1:1000"])
      assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [peerAt(2)])
      assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Joined" })
    }).pipe(world()))

  it.effect("fails where no bootstrap is", () =>
    Effect.gen(function*() {
      yield* MemoryTransport.make(hub)
      const error = yield* Effect.flip(sharer(1, { directory: yield* directory() }))
      assert.strictEqual(error._tag, "PeerError")
      assert.deepInclude(error.reason, { _tag: "Unreachable", code: "ECONNREFUSED" })
    }).pipe(world()))

  it.effect("fails after four seconds where the bootstrap's machine is gone", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      yield* bootstrap()
      yield* network.kill(hub)
      const entering = yield* Effect.forkChild(Effect.flip(sharer(1, { directory: yield* directory() })))
      yield* sent
      yield* elapse("4 seconds")
      assert.deepInclude((yield* Fiber.join(entering)).reason, { _tag: "Unreachable", code: "ETIMEDOUT" })
    }).pipe(world()))

  it.effect("fails where the bootstrap takes its registration and never tells who is there", () =>
    Effect.gen(function*() {
      yield* listener(`${hub}:21168`)
      const entering = yield* Effect.forkChild(Effect.flip(sharer(1, { directory: yield* directory() })))
      yield* sent
      // For its registration, for the list, and for its farewell.
      for (const patience of ["10 seconds", "10 seconds", "1 second"] as const) yield* elapse(patience)
      assert.strictEqual((yield* Fiber.join(entering)).reason._tag, "PeerUnresponsive")
    }).pipe(world()))

  it.effect("does not count itself, nor anybody twice", () =>
    Effect.gen(function*() {
      yield* scripted(() => [peerAt(2), peerAt(1), peerAt(2), peerAt(3)])
      const peer = yield* sharer(1, { directory: yield* directory() })
      assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [peerAt(2), peerAt(3)])
    }).pipe(world()))

  it.effect("knows no more peers than it has room for", () =>
    Effect.gen(function*() {
      const { heard } = yield* scripted(() => [peerAt(1), peerAt(2), peerAt(3), peerAt(4)])
      const peer = yield* sharer(1, { directory: yield* directory(), config: { maxPeers: 2 } })
      assert.deepStrictEqual(yield* SubscriptionRef.get(peer.peers), [peerAt(2), peerAt(3)])
      assert.include(heard, "1:2")
    }).pipe(world()))

  it.effect("comes to its bootstrap from the address that it listens at", () =>
    Effect.gen(function*() {
      const node = yield* bootstrap()
      const network = yield* MemoryNetwork.MemoryNetwork
      // The first address is the one that the machine dials from if nobody says otherwise.
      network.transport(["10.9.9.9", ipOf(1)])
      const peer = yield* sharer(1, { directory: yield* directory() })
      assert.deepStrictEqual(yield* node.peers, [peer.self])
    }).pipe(world()))
})

describe("a peer that stays", () => {
  it.effect("says every five minutes that it is there, and asks for the others", () =>
    Effect.gen(function*() {
      const { heard } = yield* scripted(() => [peerAt(1)])
      yield* sharer(1, { directory: yield* directory() })
      heard.length = 0
      yield* elapse("299999 millis")
      assert.deepStrictEqual(heard, [])
      yield* elapse("1 millis")
      assert.deepStrictEqual(heard, [`3:${port}`, "1:1000"])
      yield* minutes(5)
      assert.strictEqual(heard.length, 4)
    }).pipe(world()))

  it.effect("is listed for as long as it stays", () =>
    Effect.gen(function*() {
      const node = yield* bootstrap()
      const peer = yield* sharer(1, { directory: yield* directory() })
      for (let round = 0; round < 10; round++) yield* minutes(7)
      assert.deepStrictEqual(yield* node.peers, [peer.self])
      assert.deepStrictEqual(node.told, [{ _tag: "Joined", peer: peer.self }])
    }).pipe(world()))

  it.effect("learns within five minutes who came and who left, and tells", () =>
    Effect.gen(function*() {
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
    }).pipe(world()))

  it.effect("learns at once when it is asked to", () =>
    Effect.gen(function*() {
      yield* bootstrap()
      const one = yield* sharer(1, { directory: yield* directory() })
      const two = yield* sharer(2, { directory: yield* directory() })
      yield* settled(one.refresh)
      assert.deepStrictEqual(yield* SubscriptionRef.get(one.peers), [two.self])
    }).pipe(world()))

  it.effect("keeps alive while all its downloads hang", () =>
    Effect.gen(function*() {
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
    }).pipe(world()))

  it.effect("registers again when it is missing from the list, as after the bootstrap's restart", () =>
    Effect.gen(function*() {
      const listed = [peerAt(1)]
      const { heard } = yield* scripted(() => listed)
      yield* sharer(1, { directory: yield* directory() })
      listed.length = 0
      heard.length = 0
      yield* minutes(5)
      assert.deepStrictEqual(heard, [`3:${port}`, "1:1000", `2:${port}`, `0:${port}`])
    }).pipe(world()))

  it.effect("does not take a list that is cut short for one that it is missing from", () =>
    Effect.gen(function*() {
      const { heard } = yield* scripted(() => [peerAt(2), peerAt(3)])
      yield* sharer(1, { directory: yield* directory(), config: { maxPeers: 2 } })
      assert.deepStrictEqual(heard, [`0:${port}`, "1:2"])
    }).pipe(world()))
})
