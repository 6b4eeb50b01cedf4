import { assert, describe, it } from "@effect/vitest"
import { AuthPeer, JoinPeer, PeerAddress } from "@peerage/pyile"
import { MemoryTransport } from "@peerage/transport"
import { Effect, Exit, Fiber, Layer, Scope, Stream, SubscriptionRef } from "effect"
import {
  elapse,
  fateOf,
  host,
  hostIp,
  join,
  joiner,
  on,
  password,
  peersOf,
  scripted,
  settle,
  simulated,
  visit,
  watch
} from "./Network.ts"

describe("membership", () => {
  it.effect("is told in order at the host and at a member, which never lists itself", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const atHost = yield* watch(hosting)
      const ann = yield* join("10.0.0.2")
      const atAnn = yield* watch(ann)
      const bob = yield* visit("10.0.0.3", { alias: "bob" })
      yield* bob.send(hosting.self, 1)
      yield* bob.leave
      yield* elapse("1 second")
      assert.deepStrictEqual(atHost, [
        { _tag: "Joined", peer: ann.self },
        { _tag: "Peers", peers: [ann.self] },
        { _tag: "Joined", peer: bob.self },
        { _tag: "Peers", peers: [ann.self, bob.self] },
        { _tag: "AliasSeen", peer: bob.self, alias: "bob" },
        { _tag: "Message", from: bob.self, to: hosting.self, alias: "bob", sender: "Verified", data: 1 },
        { _tag: "Left", peer: bob.self, reason: "PeerClosed" },
        { _tag: "Peers", peers: [ann.self] }
      ])
      assert.deepStrictEqual(atAnn, [
        { _tag: "Joined", peer: bob.self },
        { _tag: "Peers", peers: [hosting.self, bob.self] },
        { _tag: "Left", peer: bob.self, reason: "Unlisted" },
        { _tag: "Peers", peers: [hosting.self] }
      ])
    }).pipe(simulated))

  it.effect("is there to watch: peers from the present value on", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const watching = yield* Effect.forkChild(
        Stream.runCollect(Stream.take(SubscriptionRef.changes(hosting.peers), 3))
      )
      yield* settle
      const ann = yield* join("10.0.0.2")
      const bob = yield* join("10.0.0.3")
      assert.deepStrictEqual(yield* Fiber.join(watching), [[], [ann.self], [ann.self, bob.self]])
    }).pipe(simulated))

  it.effect("ends for a member with why: status says it, and `left` fails with it", () =>
    Effect.gen(function*() {
      const house = yield* Scope.make()
      const hosting = yield* Scope.provide(host(), house)
      const ann = yield* join("10.0.0.2")
      const events = yield* watch(ann)
      assert.deepStrictEqual([hosting.status.value, ann.status.value], [{ _tag: "Joined" }, { _tag: "Joined" }])
      assert.strictEqual(yield* fateOf(ann), "stays")
      yield* Scope.close(house, Exit.void)
      yield* settle
      assert.strictEqual(yield* fateOf(ann), "PeerClosed")
      assert.deepStrictEqual([hosting.status.value, ann.status.value], [
        { _tag: "Left", reason: "Left" },
        { _tag: "Left", reason: "PeerClosed" }
      ])
      assert.deepStrictEqual(events, [{ _tag: "Closed", peer: `${hostIp}:4702`, reason: "PeerClosed" }])
    }).pipe(simulated))

  it.effect("of two networks in one process do not mix", () =>
    Effect.gen(function*() {
      const [one, two] = [yield* host(), yield* on("10.0.1.1", AuthPeer.make({ password, listen: "10.0.1.1:4702" }))]
      const ann = yield* join("10.0.0.2")
      const bob = yield* join("10.0.0.3", { host: "10.0.1.1:4702" })
      assert.deepStrictEqual([yield* peersOf(one), yield* peersOf(two)], [[ann.self], [bob.self]])
      assert.deepStrictEqual([yield* peersOf(ann), yield* peersOf(bob)], [[one.self], [two.self]])
      assert.deepStrictEqual((yield* ann.send(bob.self, "?")).failed, [{ peer: bob.self, reason: "NotAMember" }])
    }).pipe(simulated))

  it.effect("composes of layers, and ends with them", () =>
    Effect.gen(function*() {
      const hostLayer = AuthPeer.layer({ password, listen: `${hostIp}:4702` }).pipe(
        Layer.provide(MemoryTransport.layer(hostIp))
      )
      const joinLayer = JoinPeer.layer({ host: `${hostIp}:4702`, password }).pipe(
        Layer.provide(MemoryTransport.layer("10.0.0.2"))
      )
      const greeting = Effect.gen(function*() {
        const [hosting, ann] = [yield* AuthPeer.AuthPeer, yield* JoinPeer.JoinPeer]
        return { delivery: yield* ann.send(hosting.self, "hello"), hosting, ann }
      })
      const running = yield* Effect.forkChild(Effect.provide(greeting, Layer.provideMerge(joinLayer, hostLayer)))
      yield* elapse("1 second")
      const { ann, delivery, hosting } = yield* Fiber.join(running)
      assert.strictEqual(delivery.acknowledged.length, 1)
      const left = { _tag: "Left", reason: "Left" } as const
      assert.deepStrictEqual([ann.status.value, hosting.status.value], [left, left])
    }).pipe(simulated))

  it.effect.each([
    { name: "ListenFailed where the port is taken", run: host(), reason: "ListenFailed" },
    { name: "NotIpv4 for an IPv6 address", run: host({ listen: "[::1]:4702" }), reason: "NotIpv4" },
    { name: "ListenFailed for somebody else's address", run: host({ listen: "10.0.0.9:4702" }), reason: "ListenFailed" }
  ])("does not begin: $name", ({ reason, run }) =>
    Effect.gen(function*() {
      yield* host()
      const error = yield* Effect.flip(run)
      assert.deepStrictEqual([error._tag, error.reason._tag], ["HostError", reason])
    }).pipe(simulated))

  it.effect("is refused to a joiner that claims the host's own address, even a trusted one", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ trustClaims: true })
      const events = yield* watch(hosting)
      const raw = yield* scripted("10.0.0.66", "Address")
      raw.write(`{"peer_address": ["${hostIp}", ${PeerAddress.port(hosting.self)}]}`)
      yield* settle
      assert.deepStrictEqual(events, [{ _tag: "Rejected", host: "10.0.0.66", reason: "ForeignAddress" }])
      assert.strictEqual(raw.end, "Fin")
    }).pipe(simulated))

  it.effect("is refused beyond maxMembers, which disturbs no member", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ config: { maxMembers: 1 } })
      const events = yield* watch(hosting)
      const ann = yield* join("10.0.0.2")
      assert.strictEqual((yield* Effect.flip(Effect.scoped(joiner("10.0.0.3")))).reason._tag, "PeerClosed")
      yield* settle
      assert.deepInclude(events, { _tag: "Rejected", host: "10.0.0.3", reason: "TooMany" } as const)
      assert.strictEqual(yield* fateOf(ann), "stays")
    }).pipe(simulated))
})
