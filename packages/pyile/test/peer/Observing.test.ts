import { assert, describe, it } from "@effect/vitest"
import { AuthPeer, Events } from "@peerage/pyile"
import { Known } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Metric, Tracer } from "effect"
import {
  elapse,
  host,
  hostIp,
  join,
  joiner,
  on,
  pair,
  password,
  simulated,
  simulation,
  stoppable,
  visit
} from "./Network.ts"
import { guess } from "./Watching.ts"

describe("who runs a host", () => {
  simulation("is warned once when the list outgrows what an original joiner can read", function*() {
    const hosting = yield* host()
    const warnings = Effect.map(hosting.history.entries("WARNING"), (entries) => entries.map(({ text }) => text))
    /** So many more join at once, each told of those before. */
    const joining = Effect.fnUntraced(function*(from: number, to: number) {
      for (let index = from; index < to; index++) {
        yield* Effect.forkScoped(Effect.orDie(joiner(`10.0.1.${100 + index}`, { chatPort: 50_000 })))
      }
      yield* elapse("1 second")
    })
    // 14 bytes, the host's 19 or so, and 2 + 20 or so for each member.
    yield* joining(0, 85)
    yield* joining(85, 86)
    assert.deepStrictEqual(yield* warnings, [])
    for (let index = 86; index < 95; index++) yield* joining(index, index + 1)
    // No original is on a transport with keys.
    if (Known.hasKeys) return assert.deepStrictEqual(yield* warnings, [])
    const [warning, ...others] = yield* warnings
    assert.deepStrictEqual(others, [])
    assert.match(warning ?? "", /now takes 20[0-9]{2} bytes.*2048/)
  })

  it.effect("can count members, messages, deliveries, bytes, rejections and bans", () =>
    Effect.gen(function*() {
      const { ann, hosting } = yield* pair({ attempts: 1 })
      yield* ann.send(hosting.self, "hello")
      // Delivered, too, though no answer comes.
      yield* (yield* MemoryNetwork.MemoryNetwork).clog("10.0.0.2")
      yield* Effect.forkChild(hosting.send(ann.self, "hello"))
      yield* elapse("1 second")
      yield* guess("10.0.0.3")
      yield* elapse(1)
      const { bansMetric, bytesMetric, deliveriesMetric, messagesMetric, rejectionsMetric } = Events
      const gauges = (yield* Metric.snapshot).filter(({ id }) => id === "peerage_pyile_peers")
      assert.deepStrictEqual(gauges.map(({ state }) => state), [{ value: 1 }, { value: 1 }, { value: 0 }])
      const metrics = [messagesMetric, deliveriesMetric, rejectionsMetric, bansMetric]
      const counts = yield* Effect.forEach(metrics, (metric) => Metric.value(metric))
      assert.deepStrictEqual(counts.map(({ count }) => count), [1, 2, 1, 1])
      assert.isAbove(Number((yield* Metric.value(bytesMetric)).count), 100)
    }).pipe(simulated, Effect.provideService(Metric.MetricRegistry, new Map())))

  it.effect("tells networks in one process apart by the gauge of peers, which is 0 where a peer has left", () =>
    Effect.gen(function*() {
      const network = "10.0.0.5:4702"
      const chatPort = 50_000
      const { stop } = yield* stoppable({ chatPort })
      yield* on("10.0.0.5", AuthPeer.make({ password, listen: network, chatPort }))
      yield* join("10.0.0.2", { listen: "10.0.0.2", chatPort })
      yield* join("10.0.0.3", { listen: "10.0.0.3", chatPort })
      const cid = yield* visit("10.0.0.6", { host: network, listen: "10.0.0.6", chatPort })
      const gauges = Effect.forEach(
        [hostIp, "10.0.0.5", "10.0.0.6"],
        (ip) => Metric.value(Metric.withAttributes(Events.peersMetric, { peer: `${ip}:${chatPort}` }))
      ).pipe(Effect.map((values) => values.map(({ value }) => value)))
      assert.deepStrictEqual(yield* gauges, [2, 1, 1])
      yield* cid.leave
      assert.deepStrictEqual(yield* gauges, [2, 0, 0])
      yield* stop
      assert.deepStrictEqual(yield* gauges, [0, 0, 0])
    }).pipe(simulated, Effect.provideService(Metric.MetricRegistry, new Map())))

  simulation("sees each connection as a span with the address it came from", function*() {
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
  })
})
