import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/pyile"
import { Cause, DateTime, Effect, Exit, Option, Schedule, SubscriptionRef } from "effect"
import { elapse, fateOf, guess, host, join, peersOf, refusal, simulated, watch } from "./Network.ts"

describe("a moderating host", () => {
  it.effect("bans an address, removes the member there, and tells it by ending the connection", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* join("10.0.0.2")
      const bob = yield* join("10.0.0.3")
      const events = yield* watch(hosting)
      const ban = yield* hosting.ban("10.0.0.2", { reason: "rude" })
      assert.deepStrictEqual([ban.reason, ban.until, yield* hosting.bans], ["rude", Option.none(), [ban]])
      yield* elapse(200)
      assert.deepStrictEqual(events, [
        { _tag: "Banned", host: "10.0.0.2" },
        { _tag: "Left", peer: ann.self, reason: "Banned" },
        { _tag: "Peers", peers: [bob.self] }
      ])
      assert.deepStrictEqual([yield* fateOf(ann), yield* refusal("10.0.0.2")], ["PeerClosed", "Banned"])
      assert.deepStrictEqual(yield* peersOf(bob), [hosting.self])
    }).pipe(simulated))

  it.effect("lifts a ban once, and exactly that one", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      yield* hosting.ban("10.0.0.2")
      yield* hosting.ban("10.0.0.0/24")
      const events = yield* watch(hosting)
      assert.strictEqual(yield* hosting.unban("10.0.0.3"), false)
      assert.strictEqual(yield* hosting.unban("10.0.0.0/24"), true)
      assert.strictEqual(yield* refusal("10.0.0.2"), "Banned")
      assert.strictEqual(yield* hosting.unban("10.0.0.2"), true)
      assert.strictEqual(yield* hosting.unban("10.0.0.2"), false)
      const ann = yield* join("10.0.0.2")
      assert.deepStrictEqual(yield* peersOf(hosting), [ann.self])
      const lifted = events.flatMap((event) => event._tag === "Unbanned" ? [event.host] : [])
      assert.deepStrictEqual(lifted, ["10.0.0.0/24", "10.0.0.2"])
    }).pipe(simulated))

  it.effect("forgets wrong passwords with the ban that it lifts", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ attempts: 2 })
      yield* guess("10.0.0.2")
      assert.strictEqual(yield* hosting.unban("10.0.0.2"), false)
      assert.deepStrictEqual(yield* hosting.limbo, [])
      assert.strictEqual(yield* guess("10.0.0.2"), "WrongPassword")
      assert.deepStrictEqual(yield* hosting.bans, [])
    }).pipe(simulated))

  it.effect("bans a prefix: everybody in it and nobody else", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* join("10.0.1.2")
      const bob = yield* join("10.0.2.2")
      yield* hosting.ban("10.0.1.0/24")
      yield* elapse("1 second")
      assert.deepStrictEqual(yield* peersOf(hosting), [bob.self])
      assert.deepStrictEqual([yield* fateOf(ann), yield* fateOf(bob)], ["PeerClosed", "stays"])
      assert.strictEqual(yield* refusal("10.0.1.255"), "Banned")
      yield* join("10.0.2.255")
    }).pipe(simulated))

  it.effect("tells of all who go at once in one list", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const [ann, bob] = [yield* join("10.0.1.2"), yield* join("10.0.1.3")]
      const carol = yield* join("10.0.2.2")
      const events = yield* watch(hosting)
      yield* hosting.ban("10.0.1.0/24")
      yield* elapse(0)
      assert.deepStrictEqual(events.slice(1), [
        { _tag: "Left", peer: ann.self, reason: "Banned" },
        { _tag: "Left", peer: bob.self, reason: "Banned" },
        { _tag: "Peers", peers: [carol.self] }
      ])
    }).pipe(simulated))

  it.effect("lets a ban for a time end to the millisecond", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const events = yield* watch(hosting)
      const ban = yield* hosting.ban("10.0.0.2", { for: "1 hour" })
      yield* elapse(0)
      assert.deepStrictEqual(events, [{ _tag: "Banned", host: "10.0.0.2", until: "1970-01-01T01:00:00.000Z" }])
      assert.strictEqual(Option.getOrThrow(Option.map(ban.until, DateTime.toEpochMillis)), 3_600_000)
      yield* elapse(3_599_999)
      assert.strictEqual(yield* refusal("10.0.0.2"), "Banned")
      yield* elapse(1)
      yield* join("10.0.0.2")
      assert.deepStrictEqual(yield* hosting.bans, [])
    }).pipe(simulated))

  it.effect("bans for wrong passwords as long as banFor says", () =>
    Effect.gen(function*() {
      yield* host({ attempts: 1, banFor: "10 minutes" })
      yield* guess("10.0.0.2")
      yield* elapse("9 minutes")
      assert.strictEqual(yield* refusal("10.0.0.2"), "Banned")
      yield* elapse("1 minute")
      yield* join("10.0.0.2")
    }).pipe(simulated))

  it.effect("kicks a member and bars its address for exactly 30 seconds", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* join("10.0.0.2")
      const bob = yield* join("10.0.0.3")
      const events = yield* watch(hosting)
      assert.strictEqual(yield* hosting.kick(ann.self), true)
      assert.strictEqual(yield* hosting.kick(ann.self), false)
      assert.strictEqual(yield* hosting.kick(PeerAddress.at("10.0.0.9", 1)), false)
      yield* elapse(0)
      assert.deepStrictEqual(events.slice(0, 2), [
        { _tag: "Left", peer: ann.self, reason: "Kicked" },
        { _tag: "Peers", peers: [bob.self] }
      ])
      yield* elapse(29_999)
      assert.strictEqual(yield* refusal("10.0.0.2"), "Banned")
      yield* elapse(1)
      yield* join("10.0.0.2")
      assert.deepStrictEqual(yield* hosting.bans, [])
    }).pipe(simulated))

  it.effect("does not let a kicked member back in that reconnects", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* join("10.0.0.2", { rejoin: Schedule.spaced("1 second") })
      yield* hosting.kick(ann.self)
      yield* elapse("1 second")
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.status), { _tag: "Left", reason: "Banned" })
    }).pipe(simulated))

  it.effect("does not shorten a ban by a kick", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ attempts: 1 })
      const ann = yield* join("10.0.0.2")
      yield* guess("10.0.0.2")
      yield* hosting.kick(ann.self)
      yield* elapse("1 hour")
      assert.strictEqual(yield* refusal("10.0.0.2"), "Banned")
    }).pipe(simulated))

  it.effect.each(["::1", "10.0.0.0/33", "everybody", ""])(
    "dies of '%s', which nobody can be banned by",
    (target) =>
      Effect.gen(function*() {
        const hosting = yield* host()
        const exit = yield* Effect.exit(hosting.ban(target))
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      }).pipe(simulated)
  )
})
