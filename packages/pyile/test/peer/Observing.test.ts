import { assert, describe, it } from "@effect/vitest"
import { Events } from "@peerage/pyile"
import { Effect, Metric, Tracer } from "effect"
import { elapse, guess, host, join, simulated } from "./Network.ts"

describe("who runs a host", () => {
  it.effect("is warned once when the list outgrows what an original joiner can read", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const warnings = Effect.map(hosting.history.entries("WARNING"), (entries) => entries.map(({ text }) => text))
      // 14 bytes, the host's 19 or so, and 2 + 20 or so for each member.
      for (let index = 0; index < 85; index++) yield* join(`10.0.1.${100 + index}`, { chatPort: 50_000 })
      assert.deepStrictEqual(yield* warnings, [])
      for (let index = 85; index < 95; index++) yield* join(`10.0.1.${100 + index}`, { chatPort: 50_000 })
      const [warning, ...others] = yield* warnings
      assert.deepStrictEqual(others, [])
      assert.match(warning ?? "", /now takes 20[0-9]{2} bytes.*2048/)
    }).pipe(simulated))

  it.effect("can count members, messages, deliveries, bytes, rejections and bans", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ attempts: 1 })
      const ann = yield* join("10.0.0.2")
      yield* ann.send(hosting.self, "hello")
      yield* guess("10.0.0.3")
      yield* elapse(1)
      const { bansMetric, bytesMetric, deliveriesMetric, messagesMetric, rejectionsMetric } = Events
      const gauges = (yield* Metric.snapshot).filter(({ id }) => id === "peerage_pyile_peers")
      assert.deepStrictEqual(gauges.map(({ state }) => state), [{ value: 1 }, { value: 1 }, { value: 0 }])
      for (const metric of [messagesMetric, deliveriesMetric, rejectionsMetric, bansMetric]) {
        assert.strictEqual((yield* Metric.value(metric)).count, 1)
      }
      assert.isAbove(Number((yield* Metric.value(bytesMetric)).count), 100)
    }).pipe(simulated, Effect.provideService(Metric.MetricRegistry, new Map())))

  it.effect("sees each connection as a span with the address it came from", () =>
    Effect.gen(function*() {
      const spans: Array<Tracer.Span> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      yield* Effect.scoped(Effect.gen(function*() {
        yield* host()
        yield* join("10.0.0.2", { authPort: 4702 })
        yield* guess("10.0.0.3")
      })).pipe(Effect.withTracer(tracer))
      const sessions = spans.filter(({ name }) => name === "Pyile.session")
      assert.strictEqual(sessions.length, 2)
      assert.strictEqual(sessions[0]?.attributes.get("remote"), "10.0.0.2:4702")
      assert.isTrue(sessions.every(({ status }) => status._tag === "Ended"))
    }).pipe(simulated))
})
