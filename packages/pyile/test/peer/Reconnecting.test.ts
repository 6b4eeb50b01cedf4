import { assert, describe, it } from "@effect/vitest"
import { JoinPeer } from "@peerage/pyile"
import { Effect, Exit, Redacted, Schedule, Scope, SubscriptionRef } from "effect"
import { elapse, fateOf, host, join, peersOf, settle, simulated, watch } from "./Network.ts"

/** A host that can be stopped. */
const house = Effect.fnUntraced(function*(options: Parameters<typeof host>[0] = {}) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const hosting = yield* Scope.provide(host(options), scope)
  return { hosting, stop: Effect.andThen(Scope.close(scope, Exit.void), settle) }
})

const rejoin = Schedule.spaced("1 second")

describe("a joiner that reconnects", () => {
  it.effect("comes back under its old name when its host has restarted, and chats", () =>
    Effect.gen(function*() {
      const before = yield* house()
      const ann = yield* join("10.0.0.2", { rejoin: JoinPeer.patiently })
      const { self } = ann
      yield* before.stop
      assert.strictEqual((yield* SubscriptionRef.get(ann.status))._tag, "Reconnecting")
      yield* elapse("20 seconds")
      const { hosting } = yield* house()
      yield* elapse("1 minute")
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.status), { _tag: "Joined" })
      assert.deepStrictEqual([yield* peersOf(hosting), yield* peersOf(ann)], [[self], [hosting.self]])
      assert.strictEqual((yield* hosting.send(self, "again")).acknowledged.length, 1)
    }).pipe(simulated))

  it.effect("says a password that has become wrong once, and never again", () =>
    Effect.gen(function*() {
      const before = yield* house()
      const ann = yield* join("10.0.0.2", { rejoin })
      yield* before.stop
      const { hosting } = yield* house({ password: Redacted.make("changed") })
      yield* elapse("1 hour")
      assert.strictEqual(yield* fateOf(ann), "WrongPassword")
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.status), { _tag: "Left", reason: "WrongPassword" })
      assert.deepStrictEqual(yield* hosting.limbo, [{ host: "10.0.0.2", failures: 1 }])
    }).pipe(simulated))

  it.effect("stops at a ban", () =>
    Effect.gen(function*() {
      const { hosting } = yield* house()
      const ann = yield* join("10.0.0.2", { rejoin })
      const events = yield* watch(hosting)
      yield* hosting.ban("10.0.0.2")
      yield* elapse("1 hour")
      assert.strictEqual(yield* fateOf(ann), "Banned")
      assert.strictEqual(events.filter(({ _tag }) => _tag === "Rejected").length, 1)
    }).pipe(simulated))

  it.effect("gives up when its schedule does", () =>
    Effect.gen(function*() {
      const before = yield* house()
      const ann = yield* join("10.0.0.2", { rejoin: Schedule.recurs(3) })
      yield* before.stop
      yield* elapse("1 minute")
      assert.strictEqual(yield* fateOf(ann), "Unreachable")
    }).pipe(simulated))

  it.effect("counts it as a failed try to be admitted and thrown out again, until it has stayed for a while", () =>
    Effect.gen(function*() {
      const { hosting } = yield* house()
      const ann = yield* join("10.0.0.2", { rejoin: Schedule.recurs(2) })
      const thrownOut = Effect.gen(function*() {
        yield* hosting.kick(ann.self)
        yield* hosting.unban("10.0.0.2")
        yield* elapse("1 second")
        return ann.status.value._tag
      })
      assert.deepStrictEqual([yield* thrownOut, yield* thrownOut], ["Joined", "Joined"])
      yield* elapse("10 seconds")
      assert.deepStrictEqual([yield* thrownOut, yield* thrownOut, yield* thrownOut], ["Joined", "Joined", "Left"])
    }).pipe(simulated))

  it.effect("does nothing of the kind unless it was told to", () =>
    Effect.gen(function*() {
      const before = yield* house()
      const ann = yield* join("10.0.0.2")
      yield* before.stop
      const { hosting } = yield* house()
      yield* elapse("1 hour")
      assert.deepStrictEqual([yield* fateOf(ann), yield* peersOf(hosting)], ["PeerClosed", []])
    }).pipe(simulated))
})
