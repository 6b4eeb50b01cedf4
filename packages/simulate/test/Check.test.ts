/** Many seeds: the first that fails, cut down to the faults that make it fail. */
import { assert, describe, it } from "@effect/vitest"
import { Host, Simulation, Theatre } from "@peerage/simulate"
import { Misuse } from "@peerage/testing"
import { Context, Effect, FileSystem, Layer, Schedule } from "effect"
import { shrink } from "../src/internal/Shrink.ts"
import { dial, echo, say } from "./Kit.ts"

/** Counts, and does not forget when it is restarted; unless it keeps the count in memory only. */
class Counter extends Context.Service<Counter, { readonly next: Effect.Effect<number> }>()("Counter") {
  static readonly layer = (keeps: "on disk" | "in memory") =>
    Layer.effect(
      Counter,
      Effect.gen(function*() {
        const files = yield* FileSystem.FileSystem
        let count = Number(yield* files.readFileString("count").pipe(Effect.orElseSucceed(() => "0")))
        const next = Effect.gen(function*() {
          count++
          if (keeps === "on disk") yield* Effect.orDie(files.writeFileString("count", `${count}`))
          return count
        })
        return { next }
      })
    )
}

/** Counts for a minute, while a client and a server talk; each count is one more than the last. */
const counting = (keeps: "on disk" | "in memory") =>
  Effect.gen(function*() {
    const host = yield* Host.make("counter", Counter.layer(keeps), { address: "10.0.0.9" })
    yield* Host.make("server", echo, { address: "10.0.0.1" })
    yield* Host.make(
      "client",
      Effect.scoped(Effect.gen(function*() {
        const connection = yield* dial
        while (true) {
          yield* Effect.timeout(say(connection, "hello"), "2 seconds")
          yield* Effect.sleep("500 millis")
        }
      })).pipe(Effect.retry(Schedule.spaced("500 millis")))
    )
    let last = 0
    while (last < 60) {
      const count = host.run(Effect.flatMap(Counter, ({ next }) => next)).pipe(
        Effect.retry(Schedule.spaced("100 millis"))
      )
      assert.strictEqual(yield* count, ++last, "a count")
      yield* Effect.sleep("1 second")
    }
  })

const options = { seeds: 20, chaos: { kill: 1, cut: 2, pause: 2, slow: 2 }, link: { latency: "10 millis" } } as const

describe("a check", () => {
  it.effect(
    "succeeds when the program does with all seeds",
    () => Simulation.check(options)(counting("on disk")),
    60_000
  )

  it.effect("names the first seed that fails, with the fewest faults and a chart", () =>
    Effect.gen(function*() {
      const failed = yield* Effect.flip(Simulation.check(options)(counting("in memory")))
      const { faults = [], seed } = failed.scenario
      assert.strictEqual(failed.tried, Number(seed) + 1)
      assert.lengthOf(faults, 1)
      assert.strictEqual(faults[0]?.kill, "counter")
      assert.match(
        failed.message,
        /^Seed \d+, the \d+. that was tried, fails after \d+(\.\d+)? ms: a count: expected 1 to/
      )
      assert.match(failed.message, /"faults": \[\n {4}{"at":[\d.]+,"kill":"counter","for":[\d.]+}\n {2}\]\n}/)
      assert.match(failed.message, /10\.0\.0\.2 +10\.0\.0\.1\n.*(DATA|SYN)/)
      const again = yield* Effect.exit(Simulation.run(failed.scenario)(counting("in memory")))
      assert.isTrue(again._tag === "Failure" && again.cause.toString().includes("a count"))
    }))

  it.effect("plays faults that the program performs itself once", () =>
    Effect.gen(function*() {
      const program = Effect.gen(function*() {
        const { perform, score } = yield* Theatre.Theatre
        yield* Host.make("host")
        yield* perform({ pause: "host", for: "1 second" })
        yield* Effect.sleep("10 seconds")
        assert.deepStrictEqual((yield* score).faults, [])
        return yield* Effect.fail("always")
      })
      const failed = yield* Effect.flip(Simulation.check()(program))
      assert.deepStrictEqual(failed.scenario, { seed: 0, faults: [] })
      assert.strictEqual(failed.cause, "always")
      assert.match(failed.message, /^Seed 0, the 1. that was tried, fails after 10000 ms: "?always"?\n.*\n[^]*\nnone$/)
    }))

  it.effect("is misused with numbers that cannot be, all of which are named", () =>
    Effect.gen(function*() {
      const misused = Simulation.check({ seeds: 0, draw: NaN })(Effect.void)
      assert.match(yield* Misuse.sentence(misused), /seeds of Simulation.check is 0.*draw of Simulation.check is NaN/)
    }))
})

describe("shrinking", () => {
  const numbers = Array.from({ length: 40 }, (_, index) => index)
  const needing = (...needed: ReadonlyArray<number>) => (some: ReadonlyArray<number>) =>
    Effect.succeed(needed.every((number) => some.includes(number)))

  it.effect("leaves what is needed, in its order", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* shrink(numbers, needing(), 100), [])
      assert.deepStrictEqual(yield* shrink(numbers, needing(7), 100), [7])
      assert.deepStrictEqual(yield* shrink(numbers, needing(3, 20, 39), 200), [3, 20, 39])
      assert.deepStrictEqual(yield* shrink([], needing(), 100), [])
    }))

  it.effect("asks no more often than it may", () =>
    Effect.gen(function*() {
      let asked = 0
      const kept = yield* shrink(numbers, (some) => Effect.as(needing(5, 6)(some), (asked++, some.includes(5))), 9)
      assert.strictEqual(asked, 9)
      assert.include(kept, 5)
    }))
})
