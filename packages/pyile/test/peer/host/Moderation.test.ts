import { assert, describe } from "@effect/vitest"
import { type AuthPeer, BanStore, type JoinPeer, PeerAddress, PyileError } from "@peerage/pyile"
import { Known } from "@peerage/testing"
import { Cause, DateTime, Effect, Exit, Option } from "effect"
import { annIp, elapse, host, join, pair, settle, simulation, trio } from "../Network.ts"
import { fateOf, guess, peersOf, refusal, watch } from "../Watching.ts"

describe("a moderating host", () => {
  simulation("bans an address, removes the member there, and tells it by ending the connection", function*() {
    const { ann, bob, hosting } = yield* trio()
    const events = yield* watch(hosting)
    const ban = yield* hosting.ban(annIp, { reason: "rude" })
    assert.deepStrictEqual([ban.reason, ban.until, yield* hosting.bans], ["rude", Option.none(), [ban]])
    yield* elapse(200)
    assert.deepStrictEqual(events, [
      { _tag: "Banned", host: annIp },
      { _tag: "Left", peer: ann.self, reason: "Banned" },
      { _tag: "Peers", peers: [bob.self] }
    ])
    assert.deepStrictEqual([yield* fateOf(ann), yield* refusal(annIp)], ["PeerClosed", "Banned"])
    assert.deepStrictEqual(yield* peersOf(bob), [hosting.self])
  })

  simulation("forgets wrong passwords with the ban that it lifts", function*() {
    const hosting = yield* host({ attempts: 2 })
    yield* guess(annIp)
    assert.strictEqual(yield* hosting.unban(annIp), false)
    assert.deepStrictEqual(yield* hosting.limbo, [])
    assert.strictEqual(yield* guess(annIp), "WrongPassword")
    assert.deepStrictEqual(yield* hosting.bans, [])
  })

  simulation("bans a prefix: everybody in it and nobody else, and tells of all in one list", function*() {
    const hosting = yield* host()
    const [ann, bob, cid] = [yield* join("10.0.1.2"), yield* join("10.0.1.3"), yield* join("10.0.2.2")]
    const events = yield* watch(hosting)
    const { until } = yield* hosting.ban("10.0.1.0/24", { for: "1 hour" })
    assert.strictEqual(Option.getOrThrow(Option.map(until, DateTime.toEpochMillis)), 3_603_000)
    yield* elapse(0)
    assert.deepStrictEqual(events, [
      { _tag: "Banned", host: "10.0.1.0/24", until: "1970-01-01T01:00:03.000Z" },
      { _tag: "Left", peer: ann.self, reason: "Banned" },
      { _tag: "Left", peer: bob.self, reason: "Banned" },
      { _tag: "Peers", peers: [cid.self] }
    ])
    assert.deepStrictEqual([yield* fateOf(ann), yield* fateOf(cid)], ["PeerClosed", "stays"])
    assert.strictEqual(yield* refusal("10.0.1.255"), "Banned")
    yield* join("10.0.2.255")
  })

  simulation("lifts a ban once, and exactly that one", function*() {
    const hosting = yield* host()
    yield* hosting.ban(annIp)
    yield* hosting.ban("10.0.0.0/24")
    const events = yield* watch(hosting)
    assert.strictEqual(yield* hosting.unban("10.0.0.3"), false)
    assert.strictEqual(yield* hosting.unban("10.0.0.0/24"), true)
    assert.strictEqual(yield* refusal(annIp), "Banned")
    assert.deepStrictEqual([yield* hosting.unban(annIp), yield* hosting.unban(annIp)], [true, false])
    yield* join(annIp)
    const lifted = events.flatMap((event) => event._tag === "Unbanned" ? [event.host] : [])
    assert.deepStrictEqual(lifted, ["10.0.0.0/24", annIp])
  })

  simulation("lifts a kick and a ban together", function*() {
    const { ann, hosting } = yield* pair()
    yield* hosting.kick(ann.self)
    yield* hosting.ban(Known.nameOf(annIp))
    assert.strictEqual(yield* hosting.unban(Known.nameOf(annIp)), true)
    yield* join(annIp)
    assert.deepStrictEqual(yield* hosting.bans, [])
  })

  simulation("kicks a member, once, and tells until when its address is barred", function*() {
    const { ann, bob, hosting } = yield* trio()
    const events = yield* watch(hosting)
    assert.deepStrictEqual([yield* hosting.kick(ann.self), yield* hosting.kick(ann.self)], [true, false])
    assert.strictEqual(yield* hosting.kick(PeerAddress.at("10.0.0.9", 1)), false)
    yield* elapse(0)
    assert.deepStrictEqual(events, [
      { _tag: "Left", peer: ann.self, reason: "Kicked" },
      { _tag: "Peers", peers: [bob.self] },
      { _tag: "Banned", host: Known.nameOf(annIp), until: "1970-01-01T00:00:32.000Z", ...Known.keyOf(annIp) }
    ])
  })

  simulation.each(["::1", "10.0.0.0/33", "everybody", ""])(
    "dies of '%s', which nobody can be banned by",
    function*(target) {
      const exit = yield* Effect.exit((yield* host()).ban(target))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }
  )
})

type Act = (hosting: AuthPeer.AuthPeerService, ann: JoinPeer.JoinPeerService) => Effect.Effect<unknown, unknown>

const kick: Act = (hosting, ann) => hosting.kick(ann.self)
const banFor = (time: "5 seconds" | "1 hour"): Act => (hosting) => hosting.ban(annIp, { for: time })
const wrong = guess(annIp)

describe("an address", () => {
  simulation.each(
    [
      { after: "a ban for a time", acts: [banFor("1 hour")], millis: 3_600_000 },
      { after: "a kick", acts: [kick], millis: 30_000 },
      { after: "a kick and a shorter ban", acts: [kick, banFor("5 seconds")], millis: 30_000 },
      {
        after: "a shorter ban and a kick",
        acts: [kick],
        options: { attempts: 1, banFor: "5 seconds" },
        millis: 30_000
      },
      { after: "a kick and a longer ban", acts: [kick, banFor("1 hour")], millis: 3_600_000 },
      { after: "wrong passwords", acts: [], options: { attempts: 1, banFor: "10 minutes" }, millis: 600_000 },
      { after: "a longer ban and a kick", acts: [kick], options: { attempts: 1, banFor: "1 hour" }, millis: 3_600_000 }
    ] as const
  )("may join again exactly $millis ms after $after", function*({ acts, millis, ...rest }) {
    const { ann, hosting } = yield* pair("options" in rest ? rest.options : {})
    if ("options" in rest) yield* wrong
    for (const act of acts) yield* act(hosting, ann)
    yield* elapse(millis - 1)
    assert.strictEqual(yield* refusal(annIp), "Banned")
    yield* elapse(1)
    yield* join(annIp)
    assert.deepStrictEqual(yield* hosting.bans, [])
  })
})

/** A store that keeps nothing, as on a full disk. */
const full = Effect.provideService(BanStore.BanStore, {
  load: Effect.succeed([]),
  save: () => Effect.fail(new PyileError.BanStoreError({ action: "write", path: "bans.json", problem: "ENOSPC" }))
})

describe("a host whose ban store fails", () => {
  simulation("bans and lifts all the same, tells it, and fails saying that the bans hold", function*() {
    const { ann, hosting } = yield* full(pair())
    const events = yield* watch(hosting)
    const error = yield* Effect.flip(hosting.ban(annIp))
    yield* settle
    assert.strictEqual(error._tag, "BanStoreError")
    assert.match(error.message, /bans hold now but not after a restart.*ENOSPC/)
    assert.deepStrictEqual(events.splice(0), [
      { _tag: "Banned", host: annIp },
      { _tag: "Left", peer: ann.self, reason: "Banned" },
      { _tag: "Peers", peers: [] }
    ])
    assert.deepStrictEqual([yield* fateOf(ann), yield* refusal(annIp)], ["PeerClosed", "Banned"])
    assert.strictEqual((yield* Effect.flip(hosting.unban(annIp)))._tag, "BanStoreError")
    yield* settle
    assert.deepStrictEqual(events.at(-1), { _tag: "Unbanned", host: annIp })
    yield* join(annIp)
  })

  simulation("bans for wrong passwords all the same", function*() {
    const hosting = yield* full(host({ attempts: 1 }))
    const events = yield* watch(hosting)
    assert.deepStrictEqual([yield* guess(annIp), yield* refusal(annIp)], ["WrongPassword", "Banned"])
    assert.deepInclude(events, { _tag: "Banned", host: annIp })
    const ann = yield* join("10.0.0.3")
    assert.deepStrictEqual(yield* peersOf(hosting), [ann.self])
  })
})
