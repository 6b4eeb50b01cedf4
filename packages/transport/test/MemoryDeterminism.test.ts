import { assert, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { MemoryNetwork, Simulation, Trace } from "@peerage/transport"
import { Effect, Random } from "effect"
import { TestClock } from "effect/testing"
import { at, bytes, echo } from "./MemoryWorld.ts"

const lossy: MemoryNetwork.LinkOptions = {
  latency: "20 millis",
  jitter: "15 millis",
  bandwidth: 200_000,
  loss: 0.1,
  duplication: 0.1,
  reordering: 0.1
}

/** Three hosts that call each other over TCP and UDP through loss, jitter, a partition and a restart. */
const scenario = Effect.fnUntraced(function*(seed: number | string) {
  const network = yield* MemoryNetwork.make({ seed, link: lossy, segmentation: "chaotic", traceEntries: 100_000 })
  const addresses = ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
  for (const address of addresses) {
    const host = network.transport(address)
    const listener = yield* host.listen(at(`${address}:80`))
    yield* echo(listener)
    const socket = yield* host.datagram({ bind: at("0.0.0.0:53"), broadcast: true })
    const reader = yield* socket.reader
    const writer = yield* socket.writer
    yield* Effect.forkScoped(Effect.forever(reader.pull))
    yield* Effect.forkScoped(Effect.gen(function*() {
      while (true) {
        yield* writer.write({ payload: `ping from ${address}`, address: at("255.255.255.255:53") })
        for (const other of addresses) {
          const options = { connectTimeout: 900, answered: (got: Uint8Array) => got.length === 2000 }
          yield* Effect.exit(host.request(at(`${other}:80`), bytes("ab".repeat(1000)), options))
        }
        yield* Effect.sleep("100 millis")
      }
    }))
  }
  yield* Effect.provideService(Simulation.settle, MemoryNetwork.MemoryNetwork, network)
  yield* TestClock.adjust("2 seconds")
  yield* network.partition("10.0.0.1", ["10.0.0.2", "10.0.0.3"])
  yield* TestClock.adjust("2 seconds")
  yield* network.healAll
  yield* TestClock.adjust("2 seconds")
  return Trace.format(yield* network.trace)
})

const run = (seed: number | string) => Effect.scoped(scenario(seed)).pipe(Effect.provide(TestClock.layer()))

it.live.each(Property.seeds(2))(
  "gives the same trace for the same seed, time after time (seed %i)",
  (seed) =>
    Effect.gen(function*() {
      const first = yield* run(seed)
      assert.isAbove(first.split("\n").length, 300)
      for (const kind of ["Lost", "Partitioned", "DATAGRAM", "again"]) assert.include(first, kind)
      for (let time = 1; time < 5; time++) assert.isTrue(first === (yield* run(seed)), `run ${time} differs`)
    })
)

it.effect("gives the programs on it the same chance for the same seed, and another than its own", () => {
  const drawn = (seed?: number) =>
    Effect.all([Random.next, Random.next]).pipe(Effect.provide(MemoryNetwork.layer(seed === undefined ? {} : { seed })))
  return Effect.gen(function*() {
    assert.deepStrictEqual(yield* drawn(), yield* drawn(0))
    assert.deepStrictEqual(yield* drawn(7), yield* drawn(7))
    assert.notDeepEqual(yield* drawn(7), yield* drawn(8))
    const own = Effect.all([Random.next, Random.next]).pipe(Random.withSeed(7))
    assert.notDeepEqual(yield* drawn(7), yield* own)
    assert.deepStrictEqual(yield* own.pipe(Effect.provide(MemoryNetwork.layer())), yield* own)
  })
})

it.live("gives another trace for another seed", () =>
  Effect.gen(function*() {
    const traces = new Set<string>()
    for (const seed of [1, 2, 3, "1", "peerage"]) traces.add(yield* run(seed))
    assert.strictEqual(traces.size, 5)
  }))
