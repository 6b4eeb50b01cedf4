import { assert, describe, it } from "@effect/vitest"
import { Host, Simulation } from "@peerage/simulate"
import { Clock, Duration, Effect, Fiber, Layer } from "effect"
import { Account, client, Ledger, runner } from "./Account.ts"
import { database, lease } from "./Storage.ts"

const deposits = Array.from({ length: 240 }, (_, index) => `${index + 1}`)

/** Five runners, and a client that makes a deposit each second, for four minutes. The database is no host: it is reached always. */
const cluster = Effect.gen(function*() {
  const { entries } = yield* Ledger
  const runners = yield* Effect.forEach(
    [1, 2, 3, 4, 5],
    (index) => Host.make(`${index}`, runner(`10.0.0.${index}`), { address: `10.0.0.${index}` }),
    { concurrency: 5 }
  )
  const caller = yield* Host.make("client", client, { address: "10.0.0.6" })
  // Until each runner has its share of the shards.
  yield* Effect.sleep("15 seconds")
  const acknowledged: Array<{ readonly deposit: string; readonly by: string; readonly at: number }> = []
  const make = Effect.fnUntraced(function*(deposit: string) {
    const accounts = yield* Account.client
    const by = yield* accounts("savings").Deposit({ deposit })
    acknowledged.push({ deposit, by, at: yield* Clock.currentTimeMillis })
    return by
  })
  const first = yield* caller.run(make("first"))
  const owner = runners.find(({ address }) => address === first) ?? caller
  const depositing = yield* Effect.forkChild(caller.run(Effect.forEach(
    deposits,
    (deposit, index) => Effect.delay(make(deposit), Duration.seconds(index)),
    { concurrency: "unbounded" }
  )))
  return { owner, entries, acknowledged, all: Fiber.join(depositing) }
})

/** The deposits in the ledger that are there more than once. */
const twice = (entries: Ledger["Service"]["entries"]) => {
  const names = entries.map(({ deposit }) => deposit)
  return names.filter((name, index) => names.indexOf(name) !== index)
}

const shared = Layer.merge(database, Ledger.layer)
const simulated = Simulation.run({ seed: 1, link: { latency: "5 millis" } })

describe("a runner that owns an account", () => {
  it.effect("is killed: another has it after the lease, and every deposit is done once", () =>
    Effect.gen(function*() {
      const { acknowledged, all, entries, owner } = yield* cluster
      yield* Effect.sleep("10 seconds")
      yield* owner.kill()
      const killed = yield* Clock.currentTimeMillis
      yield* all
      const [next] = acknowledged.filter(({ by }) => by !== owner.address)
      assert.isAtLeast(next?.at ?? 0, killed + lease - 10_000)
      assert.isAtMost(next?.at ?? Infinity, killed + 2 * lease)
      assert.sameMembers(entries.map(({ deposit }) => deposit), ["first", ...deposits])
    }).pipe(Effect.provide(shared), simulated))

  it.effect("sleeps for a minute: nobody has its shards yet when it wakes up, and it goes on", () =>
    Effect.gen(function*() {
      const { acknowledged, all, entries, owner } = yield* cluster
      yield* Effect.sleep("10 seconds")
      yield* owner.pause
      yield* Effect.sleep("1 minute")
      yield* owner.resume
      yield* all
      // Its lease is over, but the pings that find it dead take longer.
      assert.deepStrictEqual([...new Set(acknowledged.map(({ by }) => by))], [owner.address])
      assert.sameMembers(entries.map(({ deposit }) => deposit), ["first", ...deposits])
    }).pipe(Effect.provide(shared), simulated))

  it.effect("sleeps for longer: what it was doing is done by another, and by itself when it wakes up", () =>
    Effect.gen(function*() {
      const { acknowledged, all, entries, owner } = yield* cluster
      // A deposit takes 50 milliseconds; one has just begun.
      yield* Effect.sleep("10030 millis")
      yield* owner.pause
      yield* Effect.sleep("150 seconds")
      yield* owner.resume
      yield* all
      assert.isAbove(new Set(acknowledged.map(({ by }) => by)).size, 1)
      // No lease can prevent this. A unique key for deposits in the database would.
      assert.deepStrictEqual(twice(entries), ["11"])
      const times = entries.filter(({ deposit }) => deposit === "11").map(({ by }) => by)
      assert.strictEqual(times.indexOf(owner.address), 1)
      assert.sameMembers([...new Set(entries.map(({ deposit }) => deposit))], ["first", ...deposits])
    }).pipe(Effect.provide(shared), simulated))

  it.effect("is killed at any time, as others are: no deposit is lost or done twice", () =>
    Effect.gen(function*() {
      const { all, entries } = yield* cluster
      yield* all
      assert.sameMembers(entries.map(({ deposit }) => deposit), ["first", ...deposits])
    }).pipe(
      Effect.provide(shared),
      Simulation.check({
        seeds: 5,
        link: { latency: "5 millis" },
        chaos: { hosts: ["1", "2", "3", "4", "5"], kill: 1, reset: 2, lasting: "1 minute", until: "3 minutes" }
      })
    ))
})
