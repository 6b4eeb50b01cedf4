import { assert, describe, it } from "@effect/vitest"
import { BanStore, PyileError } from "@peerage/pyile"
import { Effect } from "effect"
import { elapse, fateOf, guess, host, join, peersOf, refusal, settle, simulated, watch } from "../peer/Network.ts"

const annIp = "10.0.0.2"

/** A store that keeps nothing, as on a full disk. */
const full = Effect.provideService(BanStore.BanStore, {
  load: Effect.succeed([]),
  save: () => Effect.fail(new PyileError.BanStoreError({ action: "write", path: "bans.json", problem: "ENOSPC" }))
})

describe("a host whose ban store fails", () => {
  it.effect("bans all the same, tells it, and fails saying that the bans hold", () =>
    Effect.gen(function*() {
      const hosting = yield* full(host())
      const ann = yield* join(annIp)
      const events = yield* watch(hosting)
      const error = yield* Effect.flip(hosting.ban(annIp))
      yield* settle
      assert.strictEqual(error._tag, "BanStoreError")
      assert.match(error.message, /bans hold now but not after a restart.*ENOSPC/)
      assert.deepStrictEqual(events, [
        { _tag: "Banned", host: annIp },
        { _tag: "Left", peer: ann.self, reason: "Banned" },
        { _tag: "Peers", peers: [] }
      ])
      assert.deepStrictEqual([yield* fateOf(ann), yield* refusal(annIp)], ["PeerClosed", "Banned"])
    }).pipe(simulated))

  it.effect("lifts a ban all the same, tells it, and fails", () =>
    Effect.gen(function*() {
      const hosting = yield* full(host())
      yield* Effect.flip(hosting.ban(annIp))
      const events = yield* watch(hosting)
      assert.strictEqual((yield* Effect.flip(hosting.unban(annIp)))._tag, "BanStoreError")
      yield* settle
      assert.deepStrictEqual(events, [{ _tag: "Unbanned", host: annIp }])
      yield* join(annIp)
    }).pipe(simulated))

  it.effect("bans for wrong passwords all the same", () =>
    Effect.gen(function*() {
      const hosting = yield* full(host({ attempts: 1 }))
      const events = yield* watch(hosting)
      assert.strictEqual(yield* guess(annIp), "WrongPassword")
      yield* settle
      assert.deepInclude(events, { _tag: "Banned", host: annIp })
      assert.strictEqual(yield* refusal(annIp), "Banned")
      yield* join("10.0.0.3")
      assert.strictEqual((yield* peersOf(hosting)).length, 1)
    }).pipe(simulated))
})

describe("a kick and a ban of one address", () => {
  it.effect("do not shorten the kick: its bar outlasts a short ban", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ attempts: 1, banFor: "5 seconds" })
      const ann = yield* join(annIp)
      yield* guess(annIp)
      yield* hosting.kick(ann.self)
      yield* elapse(29_999)
      assert.strictEqual(yield* refusal(annIp), "Banned")
      yield* elapse(1)
      yield* join(annIp)
    }).pipe(simulated))

  it.effect("do not shorten the kick that came first", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* join(annIp)
      yield* hosting.kick(ann.self)
      yield* hosting.ban(annIp, { for: "5 seconds" })
      yield* elapse(29_999)
      assert.strictEqual(yield* refusal(annIp), "Banned")
      yield* elapse(1)
      yield* join(annIp)
    }).pipe(simulated))

  it.effect("do not shorten the ban that came first", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ attempts: 1, banFor: "1 hour" })
      const ann = yield* join(annIp)
      yield* guess(annIp)
      yield* hosting.kick(ann.self)
      yield* elapse(3_599_999)
      assert.strictEqual(yield* refusal(annIp), "Banned")
      yield* elapse(1)
      yield* join(annIp)
    }).pipe(simulated))

  it.effect("do not shorten the ban that came later", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* join(annIp)
      yield* hosting.kick(ann.self)
      yield* hosting.ban(annIp, { for: "1 hour" })
      yield* elapse(3_599_999)
      assert.strictEqual(yield* refusal(annIp), "Banned")
      yield* elapse(1)
      yield* join(annIp)
    }).pipe(simulated))

  it.effect("are lifted together", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* join(annIp)
      yield* hosting.kick(ann.self)
      yield* hosting.ban(annIp)
      assert.strictEqual(yield* hosting.unban(annIp), true)
      yield* join(annIp)
      assert.deepStrictEqual(yield* hosting.bans, [])
    }).pipe(simulated))
})
