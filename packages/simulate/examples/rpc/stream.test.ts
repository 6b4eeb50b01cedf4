import { assert, it } from "@effect/vitest"
import { Host, Simulation } from "@peerage/simulate"
import { Effect, Ref, Schedule, Stream } from "effect"
import { Client, Server } from "./Ticker.ts"

/** Takes ticks as they come. A stream that breaks is asked for again, from the last tick on. */
const follow = (ticks: Ref.Ref<ReadonlyArray<number>>) =>
  Effect.gen(function*() {
    const client = yield* Client
    const after = (yield* Ref.get(ticks)).length
    yield* Stream.runForEach(client.Ticks({ after }), (tick) => Ref.update(ticks, (all) => [...all, tick]))
  }).pipe(Effect.retry(Schedule.spaced("1 second")))

it.effect("a stream goes on after a partition in its middle: nothing is missed, nothing comes twice", () =>
  Effect.gen(function*() {
    yield* Host.make("server", Server, { address: "10.0.0.1" })
    const client = yield* Host.make("client", Client.layer)
    const ticks = yield* Ref.make<ReadonlyArray<number>>([])
    yield* Effect.forkChild(client.run(follow(ticks)))
    yield* Effect.sleep("20500 millis")
    const before = yield* Ref.get(ticks)
    yield* Effect.sleep("30 seconds")
    assert.isAtMost((yield* Ref.get(ticks)).length, before.length + 1)
    yield* Effect.sleep("1 minute")
    const all = yield* Ref.get(ticks)
    assert.isAbove(all.length, before.length + 30)
    assert.deepStrictEqual(all, Array.from(all, (_, index) => index + 1))
  }).pipe(Simulation.run({
    link: { latency: "20 millis" },
    faults: [{ at: "20 seconds", cut: ["server", "client"], for: "40 seconds" }]
  })))

it.effect("the same whatever happens to the server", () =>
  Effect.gen(function*() {
    yield* Host.make("server", Server, { address: "10.0.0.1" })
    const client = yield* Host.make("client", Client.layer)
    const ticks = yield* Ref.make<ReadonlyArray<number>>([])
    yield* Effect.forkChild(client.run(follow(ticks)))
    yield* Effect.sleep("2 minutes")
    const all = yield* Ref.get(ticks)
    assert.isAbove(all.length, 60)
    assert.deepStrictEqual(all, Array.from(all, (_, index) => index + 1))
  }).pipe(
    Simulation.check({
      seeds: 10,
      link: { latency: "20 millis" },
      chaos: { hosts: ["server"], kill: 2, pause: 2, reset: 2, until: "1 minute" }
    })
  ))
