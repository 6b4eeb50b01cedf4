/** The storage that runners share, in memory, as a database is: messages, and leases of shards that expire. */
import { Clock, Effect, Layer } from "effect"
import { MessageStorage, RunnerStorage, Snowflake } from "effect/cluster"

/** Milliseconds for which a shard belongs to a runner that does not refresh it. */
export const lease = 35_000

/** Runners, and who has which shard until when. */
const runners = Effect.sync(() => {
  const known = new Map<string, { readonly runner: string; readonly healthy: boolean }>()
  const leases = new Map<string, { readonly address: string; readonly until: number }>()
  const owned = (address: string, shard: string, now: number) => {
    const held = leases.get(shard)
    return held === undefined || held.address === address || held.until <= now
  }
  const take = (address: string, shards: ReadonlyArray<string>, may: typeof owned) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const taken = shards.filter((shard) => may(address, shard, now))
      for (const shard of taken) leases.set(shard, { address, until: now + lease })
      return taken
    })
  const release = (address: string, shard: string) => leases.get(shard)?.address === address && leases.delete(shard)
  let machines = 0
  return RunnerStorage.makeEncoded({
    getRunners: Effect.sync(() => [...known.values()].map(({ healthy, runner }) => [runner, healthy] as const)),
    register: (address, runner, healthy) => Effect.sync(() => (known.set(address, { runner, healthy }), machines++)),
    unregister: (address) => Effect.sync(() => void known.delete(address)),
    setRunnerHealth: (address, healthy) =>
      Effect.sync(() => {
        const entry = known.get(address)
        if (entry !== undefined) known.set(address, { ...entry, healthy })
      }),
    acquire: (address, shards) => take(address, shards, owned),
    refresh: (address, shards) => take(address, shards, (address, shard) => leases.get(shard)?.address === address),
    release: (address, shard) => Effect.sync(() => void release(address, shard)),
    releaseAll: (address) => Effect.sync(() => [...leases.keys()].forEach((shard) => release(address, shard)))
  })
})

/** The database. Build it once; all runners share it. */
export const database = Layer.merge(
  Layer.effect(RunnerStorage.RunnerStorage, runners),
  MessageStorage.MemoryDriver.layer
)

/** A runner's own client of the messages in the database. */
export const messages = Layer.effect(
  MessageStorage.MessageStorage,
  Effect.flatMap(MessageStorage.MemoryDriver, ({ encoded }) => MessageStorage.makeEncoded(encoded))
).pipe(Layer.provide(Snowflake.layerGenerator))
