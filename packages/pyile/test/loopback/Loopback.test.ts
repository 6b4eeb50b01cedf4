import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/pyile"
import { Known } from "@peerage/testing"
import { Transport } from "@peerage/transport"
import { Effect, Redacted, Schedule, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { abrupt, host, join, knows, manyLoopbacks, member, mortal, next, onThisMachine, soon } from "./Loopback.ts"

const data = { text: "wörld ✓ 😀 \"quoted\" \\ \n", list: [1, 2.5, null, true] }

describe("on loopback, a host", () => {
  it.live("takes joiners in, lets everybody know everybody, and chats with all of them", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const [ann, bob] = [yield* member(hosting, { alias: "ann" }), yield* member(hosting)]
      yield* knows(hosting, [ann.self, bob.self])
      yield* knows(ann, [hosting.self, bob.self])
      yield* knows(bob, [hosting.self, ann.self])
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.status), { _tag: "Joined" })
      const atAnn = yield* next(ann, "Message")
      const others = yield* Effect.forEach([bob, hosting], (peer) => next(peer, "Message"))
      assert.deepStrictEqual((yield* hosting.send(ann.self, data)).acknowledged, [ann.self])
      const all = { acknowledged: [hosting.self, bob.self], written: [], failed: [] }
      assert.deepStrictEqual(yield* ann.broadcast(data), all)
      assert.deepInclude(yield* atAnn, { from: hosting.self, to: ann.self, alias: "host", data })
      for (const message of others) {
        assert.deepInclude(yield* message, { from: ann.self, to: "Broadcast", alias: "ann", data })
      }
    }).pipe(onThisMachine))

  it.live("takes in ten joiners at once from one address", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const joiners = yield* Effect.all(Array.from({ length: 10 }, () => member(hosting)), { concurrency: 10 })
      const members = joiners.map(({ self }) => self)
      yield* Effect.forEach(joiners, (joiner) =>
        knows(joiner, [hosting.self, ...members.filter((peer) => peer !== joiner.self)]))
    }).pipe(onThisMachine))

  it.live("refuses wrong passwords, bans after them, lifts the ban, and kicks", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ attempts: 2 })
      const banned = yield* next(hosting, "Banned")
      const wrong = { password: Redacted.make("wrong") }
      const refusal = (options = {}) =>
        Effect.map(Effect.flip(Effect.scoped(join(hosting.address, options))), ({ reason }) => reason._tag)
      assert.deepStrictEqual([yield* refusal(wrong), yield* refusal(wrong)], ["WrongPassword", "WrongPassword"])
      assert.strictEqual(yield* refusal(), "Banned")
      assert.deepStrictEqual(yield* banned, { _tag: "Banned", host: "127.0.0.1" })
      assert.isTrue(yield* hosting.unban("127.0.0.1"))
      const ann = yield* member(hosting)
      const gone = yield* next(hosting, "Left")
      assert.isTrue(yield* hosting.kick(ann.self))
      assert.deepStrictEqual(yield* gone, { _tag: "Left", peer: ann.self, reason: "Kicked" })
      assert.strictEqual((yield* soon(Effect.flip(ann.left))).reason._tag, "PeerClosed")
      assert.strictEqual(yield* refusal(), "Banned")
    }).pipe(onThisMachine))

  it.live.each(
    [
      { how: "has left", reason: "PeerClosed", dying: false },
      { how: "was killed", reason: "ECONNRESET", dying: true }
    ] as const
  )("notices that a member $how and tells the others", ({ dying, reason }) =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* mortal(dying ? abrupt(member(hosting)) : member(hosting))
      const bob = yield* member(hosting)
      yield* knows(ann.peer, [hosting.self, bob.self])
      const gone = yield* next(hosting, "Left")
      yield* ann.end
      assert.deepInclude(yield* gone, { peer: ann.peer.self, reason })
      yield* knows(bob, [hosting.self])
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.peer.status), { _tag: "Left", reason: "Left" })
    }).pipe(onThisMachine))
})

describe("on loopback, a joiner", () => {
  it.live("learns that the host has left, and comes back to one that was started again if it is to", () =>
    Effect.gen(function*() {
      const { end, peer } = yield* mortal(host())
      const listen = NetAddress.formatInet(peer.address)
      const taken = yield* Effect.flip(host({ listen }))
      assert.deepInclude(taken.reason, { _tag: "ListenFailed", code: "EADDRINUSE", address: listen })
      const ann = yield* member(peer)
      const bob = yield* member(peer, { rejoin: Schedule.spaced("50 millis") })
      const [closed, connected] = [yield* next(bob, "Closed"), yield* next(bob, "Connected")]
      yield* end
      assert.strictEqual((yield* soon(Effect.flip(ann.left))).reason._tag, "PeerClosed")
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.status), { _tag: "Left", reason: "PeerClosed" })
      assert.strictEqual((yield* closed).reason, "PeerClosed")
      const nobody = yield* Effect.flip(join(peer.address))
      assert.deepInclude(nobody.reason, { _tag: "Unreachable", code: "ECONNREFUSED" })
      const again = yield* host({ listen })
      yield* connected
      yield* knows(again, [bob.self])
      yield* knows(bob, [again.self])
    }).pipe(onThisMachine))

  it.live.runIf(manyLoopbacks)(
    "joins from an address of its own, by which others know whom a message is from",
    () =>
      Effect.gen(function*() {
        const hosting = yield* host()
        const ann = yield* member(hosting, { listen: "127.0.0.2" })
        assert.strictEqual(PeerAddress.host(ann.self), "127.0.0.2")
        const honest = yield* next(hosting, "Message")
        yield* ann.send(hosting.self, "as myself")
        assert.deepInclude(yield* honest, { from: ann.self, sender: "Verified" })

        // An original on 127.0.0.2 lets the system choose its source, which is 127.0.0.1: read, but not believed. A key is,
        // wherever it comes from.
        const original = yield* next(hosting, "Message")
        const from = `["127.0.0.2", ${PeerAddress.port(ann.self)}]`
        const text = `{"data": "hi", "alias": "bob", "to": "Broadcast", "from": ${from}}`
        const transport = yield* Transport.Transport
        yield* transport.request(PeerAddress.toInet(hosting.self), new TextEncoder().encode(text), { answerWithin: 0 })
        const sender = Known.hasKeys ? "Verified" : "Mismatch"
        assert.deepInclude(yield* original, { from: ann.self, sender, data: "hi" })
      }).pipe(onThisMachine)
  )
})
