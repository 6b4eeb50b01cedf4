import { assert, describe } from "@effect/vitest"
import { AuthPeer, JoinPeer, PeerAddress } from "@peerage/pyile"
import { Known } from "@peerage/testing"
import { MemoryTransport, Transport } from "@peerage/transport"
import { Effect, Fiber, Layer } from "effect"
import {
  annIp,
  bobIp,
  elapse,
  host,
  hostIp,
  join,
  joiner,
  on,
  pair,
  password,
  settle,
  simulation,
  visit
} from "./Network.ts"
import { scripted } from "./Strangers.ts"
import { fateOf, peersOf, watch } from "./Watching.ts"

describe("membership", () => {
  simulation("is told in order at the host and at a member, which never lists itself", function*() {
    const hosting = yield* host()
    const atHost = yield* watch(hosting)
    const ann = yield* join(annIp)
    const atAnn = yield* watch(ann)
    const bob = yield* visit(bobIp, { alias: "bob" })
    const to = [hosting.self, ann.self]
    assert.deepStrictEqual(yield* bob.send(to, { hello: "wörld" }), { acknowledged: to, written: [], failed: [] })
    yield* bob.leave
    yield* elapse("1 second")
    const { self: peer } = bob
    const message = {
      _tag: "Message",
      from: peer,
      alias: "bob",
      sender: "Verified",
      data: { hello: "wörld" },
      ...Known.keyOf(bobIp)
    } as const
    const told = (to: PeerAddress.PeerAddress) => [{ _tag: "AliasSeen", peer, alias: "bob" }, { ...message, to }]
    assert.deepStrictEqual<unknown>(atHost, [
      { _tag: "Joined", peer: ann.self, ...Known.keyOf(annIp) },
      { _tag: "Peers", peers: [ann.self] },
      { _tag: "Joined", peer, ...Known.keyOf(bobIp) },
      { _tag: "Peers", peers: [ann.self, peer] },
      ...told(hosting.self),
      { _tag: "Left", peer, reason: "PeerClosed" },
      { _tag: "Peers", peers: [ann.self] }
    ])
    assert.deepStrictEqual<unknown>(atAnn, [
      { _tag: "Joined", peer, ...Known.keyOf(bobIp) },
      { _tag: "Peers", peers: [hosting.self, peer] },
      ...told(ann.self),
      { _tag: "Left", peer, reason: "Unlisted" },
      { _tag: "Peers", peers: [hosting.self] }
    ])
  })

  simulation("of two networks in one process do not mix", function*() {
    const { ann, hosting: one } = yield* pair()
    const two = yield* on("10.0.1.1", AuthPeer.make({ password, listen: "10.0.1.1:4702" }))
    const bob = yield* join(bobIp, { host: two.address })
    assert.deepStrictEqual([yield* peersOf(one), yield* peersOf(two)], [[ann.self], [bob.self]])
    assert.deepStrictEqual([yield* peersOf(ann), yield* peersOf(bob)], [[one.self], [two.self]])
    assert.deepStrictEqual((yield* ann.send(bob.self, "?")).failed, [{ peer: bob.self, reason: "NotAMember" }])
  })

  simulation("composes of layers, and ends with them", function*() {
    const hostLayer = AuthPeer.layer({ password, listen: `${hostIp}:4702` }).pipe(
      Layer.provide(MemoryTransport.layer(hostIp))
    )
    const joinLayer = JoinPeer.layer({ host: `${hostIp}:4702`, password }).pipe(
      Layer.provide(MemoryTransport.layer(annIp))
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
  })

  simulation.each([
    { name: "ListenFailed where the port is taken", listen: `${hostIp}:4702`, reason: "ListenFailed" },
    { name: "NotIpv4 for an IPv6 address", listen: "[::1]:4702", reason: "NotIpv4" },
    { name: "ListenFailed for somebody else's address", listen: "10.0.0.9:4702", reason: "ListenFailed" }
  ])("does not begin: $name", function*({ listen, reason }) {
    yield* host()
    const error = yield* Effect.flip(host({ listen }))
    assert.deepStrictEqual([error._tag, error.reason._tag], ["HostError", reason])
  })

  simulation("is refused to a joiner that claims the host's own address, even a trusted one", function*() {
    const hosting = yield* host({ trustClaims: true })
    const events = yield* watch(hosting)
    const raw = yield* scripted("10.0.0.66", "Address")
    raw.write(`{"peer_address": ["${hostIp}", ${PeerAddress.port(hosting.self)}]}`)
    yield* settle
    assert.deepStrictEqual(events, [
      {
        _tag: "Rejected",
        host: "10.0.0.66",
        reason: "ForeignAddress",
        claimed: hosting.self,
        ...Known.keyOf("10.0.0.66")
      }
    ])
    assert.strictEqual(raw.end, "Fin")
  })

  simulation("is refused beyond maxMembers before any list is sent, which disturbs no member", function*() {
    const { ann, hosting } = yield* pair({ config: { maxMembers: 1 } })
    const events = yield* watch(hosting)
    const raw = yield* scripted(bobIp, "List")
    assert.deepStrictEqual(raw.texts.slice(2), [`{"refused": "TooMany", "limit": 1}`])
    assert.deepStrictEqual(events, [{ _tag: "Rejected", host: bobIp, reason: "TooMany", ...Known.keyOf(bobIp) }])
    assert.strictEqual(yield* fateOf(ann), "stays")
  })

  simulation("is for no more than maxMembers, however many are under way at once", function*() {
    const hosting = yield* host({ config: { maxMembers: 2 } })
    const joining = yield* Effect.forEach(
      Array.from({ length: 8 }, (_, index) => `10.0.0.${20 + index}`),
      (ip) => Effect.forkScoped(Effect.exit(joiner(ip)))
    )
    yield* elapse("10 seconds")
    assert.strictEqual((yield* peersOf(hosting)).length, 2)
    const exits = yield* Effect.forEach(joining, (fiber) => Fiber.join(fiber))
    assert.isAtLeast(exits.filter(({ _tag }) => _tag === "Success").length, 2)
  })

  simulation("has a connection of each kind for each of 20,000 members", function*() {
    const limits: Array<number | undefined> = []
    const transport = yield* MemoryTransport.make(hostIp)
    const config = { maxMembers: 20_000, maxChatConnections: 30_000 }
    yield* AuthPeer.make({ password, listen: `${hostIp}:4702`, config }).pipe(
      Effect.provideService(Transport.Transport, {
        ...transport,
        listen: (address, options) => {
          limits.push(options?.maxConnections)
          return transport.listen(address, options)
        }
      })
    )
    assert.strictEqual(limits.length, 3)
    for (const limit of limits) assert.isAtLeast(limit ?? 0, 20_000)
  })
})
