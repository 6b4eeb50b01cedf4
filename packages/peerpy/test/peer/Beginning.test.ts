import { assert, describe } from "@effect/vitest"
import { Peer } from "@peerage/peerpy"
import { Effect, Fiber, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { connect, count, helloOf, on, reasonsOf, settle, stranger, tagsOf, test, visit } from "./Network.ts"

const refused = (machine: number, options: Peer.PeerOptions) =>
  Effect.map(Effect.flip(on(machine, Peer.make(options))), ({ reason }) => reason)

describe("a peer", () => {
  test("says who it is connected with, and where it stands, until it leaves", function*() {
    const [alice, bob] = [yield* visit(1), yield* visit(2)]
    const left = yield* Effect.forkChild(alice.left)
    const words = Effect.all([SubscriptionRef.get(alice.peers), SubscriptionRef.get(alice.status)])
    assert.deepStrictEqual(yield* words, [[], { _tag: "Joined" }])
    const raw = yield* stranger(9, 1)
    raw.say(helloOf(2))
    yield* connect(alice, 2, { type: "json" })
    assert.deepStrictEqual(yield* words, [[bob.self], { _tag: "Joined" }])
    assert.strictEqual(yield* count(alice), 2)
    yield* alice.leave
    assert.deepStrictEqual(yield* words, [[], { _tag: "Left", reason: "Left" }])
    assert.isUndefined(left.pollUnsafe())
  })

  test("takes the addresses that another peer gives", function*() {
    const bob = yield* visit(2, { listen: NetAddress.inetAddressFromStringUnsafe("10.0.0.2:0") })
    const alice = yield* visit(1, { advertise: NetAddress.inetAddressFromStringUnsafe("10.0.0.1:0") })
    const connecting = yield* Effect.forkChild(alice.connect(bob.address, { type: "json" }))
    yield* settle
    assert.strictEqual((yield* Fiber.join(connecting)).peer, bob.self)
    const [offer] = bob.told
    assert.strictEqual(offer?._tag === "Offer" ? offer.peer : undefined, alice.self)
  })

  test("begins at a free port where none is named, and tells where", function*() {
    const bob = yield* visit(2, { listen: "10.0.0.2" })
    assert.match(bob.self, /^10\.0\.0\.2:\d+$/)
    const at = yield* visit(3)
    assert.deepStrictEqual([at.self, reasonsOf(at)], ["10.0.0.3:20000", []])
  })

  test("does not begin at an address that is taken, of another machine, or none", function*() {
    yield* visit(2)
    assert.deepInclude(yield* refused(2, { listen: "10.0.0.2:20000" }), { _tag: "ListenFailed", code: "EADDRINUSE" })
    const foreign = yield* refused(2, { listen: "10.0.0.3:20000" })
    assert.deepInclude(foreign, { _tag: "ListenFailed", code: "EADDRNOTAVAIL" })
    assert.strictEqual((yield* refused(2, { listen: "here" }))._tag, "NotIpv4")
    assert.strictEqual((yield* refused(2, { listen: "[::1]:20000" }))._tag, "NotIpv4")
  })

  test("cannot advertise an address that is none", function*() {
    assert.strictEqual((yield* refused(2, { listen: "0.0.0.0:20000", advertise: "0.0.0.0" }))._tag, "NoAddress")
  })

  test("that listens everywhere is known by the address that it advertises", function*() {
    const bob = yield* visit(2, { listen: "0.0.0.0:20000", advertise: "10.0.0.2" })
    const alice = yield* visit(1)
    yield* alice.connect(bob.self, { type: "json" })
    yield* settle
    assert.deepStrictEqual(tagsOf(bob), ["Offer", "Connected"])
  })
})
