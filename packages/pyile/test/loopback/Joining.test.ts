import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/pyile"
import { Effect, Redacted, Schedule, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { abrupt, host, join, knows, manyLoopbacks, member, mortal, next, onThisMachine, soon } from "./Loopback.ts"

const wrong = { password: Redacted.make("wrong") }

describe("on loopback, a host", () => {
  it.live("takes joiners in and lets everybody know everybody", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* member(hosting)
      const bob = yield* member(hosting)
      yield* knows(hosting, [ann.self, bob.self])
      yield* knows(ann, [hosting.self, bob.self])
      yield* knows(bob, [hosting.self, ann.self])
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.status), { _tag: "Joined" })
    }).pipe(onThisMachine))

  it.live("takes in ten joiners at once from one address", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const joiners = yield* Effect.all(Array.from({ length: 10 }, () => member(hosting)), { concurrency: 10 })
      const members = joiners.map(({ self }) => self)
      yield* Effect.forEach(joiners, (joiner) =>
        knows(joiner, [hosting.self, ...members.filter((peer) => peer !== joiner.self)]))
    }).pipe(onThisMachine))

  it.live("refuses wrong passwords, bans after them, and lifts the ban", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ attempts: 2 })
      const banned = yield* next(hosting, "Banned")
      const attempt = (options = {}) => Effect.flip(Effect.scoped(join(hosting.address, options)))
      assert.strictEqual((yield* attempt(wrong)).reason._tag, "WrongPassword")
      assert.strictEqual((yield* attempt(wrong)).reason._tag, "WrongPassword")
      assert.strictEqual((yield* attempt()).reason._tag, "Banned")
      assert.deepStrictEqual(yield* banned, { _tag: "Banned", host: "127.0.0.1" })
      assert.isTrue(yield* hosting.unban("127.0.0.1"))
      yield* member(hosting)
    }).pipe(onThisMachine))

  it.live("kicks a member, who may not come back at once", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* member(hosting)
      const gone = yield* next(hosting, "Left")
      assert.isTrue(yield* hosting.kick(ann.self))
      assert.deepStrictEqual(yield* gone, { _tag: "Left", peer: ann.self, reason: "Kicked" })
      assert.strictEqual((yield* soon(Effect.flip(ann.left))).reason._tag, "PeerClosed")
      assert.strictEqual((yield* Effect.flip(join(hosting.address))).reason._tag, "Banned")
    }).pipe(onThisMachine))

  it.live("notices that a member has left and tells the others", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* mortal(member(hosting))
      const bob = yield* member(hosting)
      yield* knows(ann.peer, [hosting.self, bob.self])
      const gone = yield* next(hosting, "Left")
      yield* ann.end
      assert.deepStrictEqual(yield* gone, { _tag: "Left", peer: ann.peer.self, reason: "PeerClosed" })
      yield* knows(bob, [hosting.self])
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.peer.status), { _tag: "Left", reason: "Left" })
    }).pipe(onThisMachine))

  it.live("notices that a member was killed", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* mortal(abrupt(member(hosting)))
      const bob = yield* member(hosting)
      const gone = yield* next(hosting, "Left")
      yield* ann.end
      assert.deepStrictEqual(yield* gone, { _tag: "Left", peer: ann.peer.self, reason: "ECONNRESET" })
      yield* knows(bob, [hosting.self])
    }).pipe(onThisMachine))

  it.live("fails when its port is taken", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const address = NetAddress.formatInet(hosting.address)
      const error = yield* Effect.flip(host({ listen: address }))
      assert.deepInclude(error.reason, { _tag: "ListenFailed", code: "EADDRINUSE", address })
    }).pipe(onThisMachine))
})

describe("on loopback, a joiner", () => {
  it.live("learns that the host has left", () =>
    Effect.gen(function*() {
      const hosting = yield* mortal(host())
      const ann = yield* member(hosting.peer)
      yield* hosting.end
      assert.strictEqual((yield* soon(Effect.flip(ann.left))).reason._tag, "PeerClosed")
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.status), { _tag: "Left", reason: "PeerClosed" })
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.peers), [hosting.peer.self])
    }).pipe(onThisMachine))

  it.live("finds nobody where nobody listens", () =>
    Effect.gen(function*() {
      const hosting = yield* mortal(host())
      yield* hosting.end
      const error = yield* Effect.flip(join(hosting.peer.address))
      assert.deepInclude(error.reason, { _tag: "Unreachable", code: "ECONNREFUSED" })
    }).pipe(onThisMachine))

  it.live("comes back to a host that was started again", () =>
    Effect.gen(function*() {
      const hosting = yield* mortal(host())
      const ann = yield* member(hosting.peer, { rejoin: Schedule.spaced("50 millis") })
      const [closed, connected] = [yield* next(ann, "Closed"), yield* next(ann, "Connected")]
      yield* hosting.end
      assert.strictEqual((yield* closed).reason, "PeerClosed")
      const again = yield* host({ listen: NetAddress.formatInet(hosting.peer.address) })
      yield* connected
      yield* knows(again, [ann.self])
      yield* knows(ann, [again.self])
    }).pipe(onThisMachine))

  it.live.runIf(manyLoopbacks)("joins from an address of its own", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* member(hosting, { listen: "127.0.0.2" })
      assert.strictEqual(PeerAddress.host(ann.self), "127.0.0.2")
    }).pipe(onThisMachine))
})
