/** What the network's delay costs over the secure transport, and in plain text: exact, as time is simulated. */
import { assert, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { annIp, elapse, host, joiner } from "./Network.ts"
import * as Secured from "./SecuredNetwork.ts"

/** Simulated milliseconds until an effect ends. */
const timed = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const running = yield* Effect.forkScoped(effect, { startImmediately: true })
  let passed = 0
  for (; running.pollUnsafe() === undefined; passed++) yield* elapse("1 millis")
  return { passed, result: yield* Fiber.join(running) }
})

it.effect("20 ms from the host a joiner is in after 500 ms, and in a session a message is answered after 40 ms", () =>
  Effect.gen(function*() {
    const { hosting } = yield* Secured.host()
    const { passed: join, result: { peer } } = yield* timed(Secured.joiner({ name: "ann", ip: "10.0.0.2" }))
    const say = Effect.map(peer.send(hosting.self, "hello"), ({ acknowledged }) => acknowledged)
    const [first, next] = [yield* timed(say), yield* timed(say)]
    assert.strictEqual(join, 500)
    // The host takes chat at a port of its own: the first message opens a session there.
    assert.deepStrictEqual(first, { passed: 160, result: [hosting.self] })
    assert.deepStrictEqual(next, { passed: 40, result: [hosting.self] })
  }).pipe(Effect.provide(MemoryNetwork.layer({ link: { latency: "20 millis" } }))))

it.effect("20 ms from the host a plain message is answered after 80 ms, twice as many round trips, each time", () =>
  Effect.gen(function*() {
    const hosting = yield* host()
    const { result: peer } = yield* timed(joiner(annIp))
    const say = Effect.map(peer.send(hosting.self, "hello"), ({ acknowledged }) => acknowledged)
    for (const _ of "12") assert.deepStrictEqual(yield* timed(say), { passed: 80, result: [hosting.self] })
  }).pipe(Effect.provide(MemoryNetwork.layer({ link: { latency: "20 millis" } }))))
