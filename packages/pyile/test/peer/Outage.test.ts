import { assert, describe } from "@effect/vitest"
import { PeerAddress, type PyileEvent } from "@peerage/pyile"
import { Known } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Clock, Effect, Schedule, SubscriptionRef } from "effect"
import { annIp, bobIp, elapse, host, hostIp, join, pair, simulation, trio } from "./Network.ts"
import { fateOf, lastBeatTo, peersOf, watch } from "./Watching.ts"

/** Moves time to exactly this moment. */
const until = Effect.fnUntraced(function*(moment: number) {
  yield* elapse(moment - (yield* Clock.currentTimeMillis))
})

const left = (peer: PeerAddress.PeerAddress, reason: PyileEvent.Reason): PyileEvent.PyileEvent => ({
  _tag: "Left",
  peer,
  reason
})

describe("a network with an outage", () => {
  simulation("removes a joiner 4 seconds after a beat without an answer, and is left by it then", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { ann, bob, hosting } = yield* trio()
    const [events, atBob] = [yield* watch(hosting), yield* watch(bob)]
    yield* elapse(300)
    yield* network.partition(hostIp, annIp)
    const last = yield* lastBeatTo(annIp)
    yield* until(last + 5999)
    assert.deepStrictEqual(yield* peersOf(hosting), [ann.self, bob.self])
    assert.strictEqual(yield* fateOf(ann), "stays")
    yield* until(last + 6000)
    assert.deepStrictEqual(yield* peersOf(hosting), [bob.self])
    assert.deepInclude(events, left(ann.self, "PeerUnresponsive"))
    assert.strictEqual(yield* fateOf(ann), "PeerUnresponsive")
    assert.deepStrictEqual(ann.status.value, { _tag: "Left", reason: "PeerUnresponsive" })
    yield* elapse(150)
    assert.deepStrictEqual(atBob, [left(ann.self, "Unlisted"), { _tag: "Peers", peers: [hosting.self] }])
  })

  simulation("takes a joiner in again that reconnects when the partition has healed", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const hosting = yield* host()
    const ann = yield* join(annIp, { rejoin: Schedule.spaced("1 second") })
    const bob = yield* join(bobIp)
    const events = yield* watch(ann)
    yield* network.partition(hostIp, annIp)
    yield* elapse("1 minute")
    assert.deepStrictEqual(yield* peersOf(hosting), [bob.self])
    assert.deepStrictEqual(yield* SubscriptionRef.get(ann.status), {
      _tag: "Reconnecting",
      reason: "PeerUnresponsive"
    })
    assert.deepStrictEqual(yield* peersOf(ann), [hosting.self, bob.self])
    yield* network.heal(hostIp, annIp)
    yield* elapse("10 seconds")
    assert.deepStrictEqual(yield* peersOf(hosting), [bob.self, ann.self])
    assert.deepStrictEqual(yield* SubscriptionRef.get(ann.status), { _tag: "Joined" })
    assert.strictEqual(yield* fateOf(ann), "stays")
    const seen = events.filter(({ _tag }) => _tag === "Closed" || _tag === "Connected")
    const peer = `${hostIp}:4702`
    assert.deepStrictEqual(seen, [
      { _tag: "Closed", peer, reason: "PeerUnresponsive" },
      { _tag: "Connected", peer, ...Known.keyOf(hostIp) }
    ])
    assert.strictEqual((yield* bob.send(ann.self, "welcome back")).acknowledged.length, 1)
  })

  simulation("is whole again after its joiners have lost the host one after the other", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const hosting = yield* host()
    const ips = [2, 3, 4, 5, 6].map((last) => `10.0.0.${last}`)
    const joiners = yield* Effect.forEach(ips, (ip) => join(ip, { rejoin: Schedule.exponential("1 second") }))
    const cut = (ip: string) => Effect.andThen(network.partition(hostIp, ip), elapse("700 millis"))
    yield* Effect.forEach(ips, cut)
    yield* elapse("10 seconds")
    assert.deepStrictEqual(yield* peersOf(hosting), [])
    yield* Effect.forEach(ips, (ip) => Effect.andThen(network.heal(hostIp, ip), elapse("3 seconds")))
    yield* elapse("2 minutes")
    const everybody = [hosting.self, ...joiners.map(({ self }) => self)].sort()
    for (const peer of [hosting, ...joiners]) {
      assert.deepStrictEqual([peer.self, ...yield* peersOf(peer)].sort(), everybody)
      assert.deepStrictEqual((yield* peer.broadcast("whole")).acknowledged.length, joiners.length)
    }
  })

  simulation("keeps a joiner through a partition of less than 4 seconds", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { ann, hosting } = yield* pair()
    yield* network.partition(hostIp, annIp)
    yield* elapse("3 seconds")
    yield* network.heal(hostIp, annIp)
    yield* elapse("5 minutes")
    assert.deepStrictEqual(yield* peersOf(hosting), [ann.self])
    assert.strictEqual(yield* fateOf(ann), "stays")
  })

  simulation("has a joiner once that died and joins again from the same address before it was missed", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    // Full with these two: who takes its own place takes no other.
    const hosting = yield* host({ config: { maxMembers: 2 } })
    const before = yield* join(annIp, { chatPort: 50_000 })
    const bob = yield* join(bobIp)
    const events = yield* watch(hosting)
    yield* elapse(300)
    yield* network.kill(annIp)
    yield* network.restart(annIp)
    const after = yield* join(annIp, { chatPort: 50_000 })
    assert.strictEqual(after.self, before.self)
    assert.deepStrictEqual(events, [
      left(after.self, "Replaced"),
      { _tag: "Joined", peer: after.self, ...Known.keyOf(annIp) },
      { _tag: "Peers", peers: [bob.self, after.self] }
    ])
    yield* elapse("1 minute")
    assert.deepStrictEqual(yield* peersOf(hosting), [bob.self, after.self])
    assert.deepStrictEqual(yield* peersOf(bob), [hosting.self, after.self])
    assert.deepStrictEqual((yield* bob.broadcast("who?")).acknowledged, [hosting.self, after.self])
  })
})
