/** A theatre from outside: its time moves in any steps, and what happens does not depend on them. */
import { assert, describe, it } from "@effect/vitest"
import { Chaos, Host, Scenario, Simulation, Theatre } from "@peerage/simulate"
import { Misuse, Property } from "@peerage/testing"
import { Trace } from "@peerage/transport"
import { Effect, Random, Ref, Schedule } from "effect"
import { dial, echo, say } from "./Kit.ts"

const options = {
  link: { latency: "20 millis", jitter: "30 millis", loss: 0.1 },
  segmentation: "chaotic",
  traceEntries: 100_000
} as const

/** Says something each 100 milliseconds or so, over a new connection whenever the last has ended. */
const talking = Effect.gen(function*() {
  const connection = yield* dial
  while (true) {
    yield* Effect.timeout(say(connection, "word ".repeat(yield* Random.nextIntBetween(1, 40))), "3 seconds")
    yield* Effect.sleep(yield* Random.nextIntBetween(50, 150))
  }
}).pipe(Effect.scoped, Effect.retry(Schedule.spaced("200 millis")))

/** A server and two clients, through a cut, a power cut, a pause and a restart, for 15 seconds. */
const story = Effect.gen(function*() {
  const { network } = yield* Theatre.Theatre
  const server = yield* Host.make("server", echo)
  const one = yield* Host.make("one", talking)
  const two = yield* Host.make("two", talking, { drift: 0.001 })
  yield* Effect.sleep("2 seconds")
  yield* network.partition(server.address, one.address, { oneWay: true })
  yield* Effect.sleep("2 seconds")
  yield* two.pause
  yield* network.healAll
  yield* Effect.sleep("3 seconds")
  yield* server.kill()
  yield* two.resume
  yield* Effect.sleep("2500 millis")
  yield* Effect.all([server.restart, one.stop], { concurrency: 2 })
  yield* Effect.sleep("5500 millis")
  return Trace.format(yield* network.trace)
})

/** A server and two clients, through faults of a scenario and those of chaos, for 20 seconds. */
const trouble = Effect.gen(function*() {
  const { network, score } = yield* Theatre.Theatre
  yield* Host.make("server", echo)
  for (const name of ["one", "two"]) yield* Host.make(name, talking)
  yield* Effect.forkChild(Scenario.play([
    { at: "3 seconds", cut: ["one", "server"], oneWay: true, for: "2 seconds" },
    { at: "6 seconds", pause: "two", for: "1500 millis" },
    { at: "9 seconds", kill: "server", for: "1 second" },
    { at: "12 seconds", flaky: "all", perMinute: 60, for: "3 seconds" }
  ]))
  yield* Effect.forkChild(Chaos.run({ reset: 6, slow: 6, kill: 3, clog: 3, lasting: "2 seconds" }))
  yield* Effect.sleep("20 seconds")
  return `${Trace.format(yield* network.trace)}\n${Scenario.format(yield* score)}`
})

/** A story, with its time moved in steps of a length that chance chooses. */
const inSteps = (story: Effect.Effect<string, unknown, Theatre.Services>, seed: number, longest: number) =>
  Effect.gen(function*() {
    const theatre = yield* Theatre.make({ ...options, seed })
    const telling = yield* theatre.start(story)
    while (telling.poll() === undefined) yield* theatre.advance(yield* Random.nextBetween(0, longest))
    return yield* yield* theatre.finish(telling, 1)
  }).pipe(Random.withSeed(longest))

describe("a theatre", () => {
  it.effect.each(Property.seeds(1))(
    "plays the same whatever the step, 100 times of 100 (seed %i)",
    (seed) =>
      Effect.gen(function*() {
        const whole = yield* Simulation.run({ ...options, seed })(story)
        assert.isAbove(whole.split("\n").length, 200)
        for (const word of ["Lost", "Partitioned", "Dead", "RST"]) assert.include(whole, word)
        for (let run = 1; run <= 100; run++) {
          assert.isTrue(whole === (yield* inSteps(story, seed, 5 * run)), `steps of up to ${5 * run} ms`)
        }
      })
  )

  it.effect.each(Property.seeds(1))(
    "plays the same faults, and the same chaos, whatever the step, 100 times of 100 (seed %i)",
    (seed) =>
      Effect.gen(function*() {
        const whole = yield* Simulation.run({ ...options, seed })(trouble)
        for (const word of ["Lost", "Partitioned", `"flaky"`, `"kill"`]) assert.include(whole, word)
        for (let run = 1; run <= 100; run++) {
          assert.isTrue(whole === (yield* inSteps(trouble, seed, 5 * run)), `steps of up to ${5 * run} ms`)
        }
      })
  )

  it.effect("does nothing until its time is moved, and then no more than happens in that time", () =>
    Effect.gen(function*() {
      const theatre = yield* Theatre.make()
      const ticks = yield* Ref.make(0)
      const ticking = Effect.repeat(Ref.update(ticks, (count) => count + 1), Schedule.spaced("1 second"))
      yield* theatre.start(Host.make("host", ticking))
      assert.strictEqual(yield* Ref.get(ticks), 0)
      yield* theatre.advance("2500 millis")
      assert.strictEqual(yield* Ref.get(ticks), 3)
      assert.strictEqual(yield* theatre.now, 2500)
      yield* theatre.close
      yield* theatre.advance("1 minute")
      assert.strictEqual(yield* Ref.get(ticks), 3)
    }))

  it.effect.each(Property.seeds(3))(
    "plays a run whose faults were made by hand from its score (seed %i)",
    (seed) =>
      Effect.gen(function*() {
        const program = Effect.gen(function*() {
          yield* Host.make("server", echo)
          for (const name of ["one", "two"]) yield* Host.make(name, talking)
          return yield* Effect.never
        })
        const byHand = yield* Theatre.make({ ...options, seed })
        yield* byHand.start(program)
        const faults = [{ cut: ["one", "server"] }, { kill: "two" }, { heal: "all" }, { restart: "two" }] as const
        for (const fault of faults) {
          // A moment at which something happens: an alarm has just rung.
          yield* byHand.advance(yield* Random.nextBetween(0, 3000))
          const before = yield* byHand.now
          yield* byHand.perform(fault)
          assert.closeTo(yield* byHand.now, before, 0.01)
        }
        yield* byHand.advance("3 seconds")
        const score = yield* byHand.score
        const again = yield* Theatre.make({ ...options, seed })
        yield* again.start(Effect.all([program, Scenario.play(score.faults ?? [])], { concurrency: 2 }))
        yield* again.advance(yield* byHand.now)
        assert.strictEqual(Trace.format(yield* again.trace), Trace.format(yield* byHand.trace))
        assert.deepStrictEqual((yield* again.score).faults, score.faults)
      }).pipe(Random.withSeed(seed))
  )

  it.effect("lets a fault by hand have a moment of its own", () =>
    Effect.gen(function*() {
      const theatre = yield* Theatre.make()
      const ticks = Effect.repeat(Effect.void, Schedule.spaced("1 second"))
      yield* theatre.start(Host.make("host", ticks))
      yield* theatre.advance("1 second")
      yield* theatre.perform({ pause: "host" })
      yield* theatre.advance("500 millis")
      yield* theatre.perform({ resume: "host" })
      const moments = (yield* theatre.score).faults?.map(({ at }) => at)
      assert.deepStrictEqual(moments, [1000.001, 1500.001])
    }))

  it.effect("is misused with times that cannot be", () =>
    Effect.gen(function*() {
      const theatre = yield* Theatre.make()
      assert.match(yield* Misuse.sentence(theatre.advance(-1)), /^The option duration of Theatre.advance is -1. Give/)
    }))
})
