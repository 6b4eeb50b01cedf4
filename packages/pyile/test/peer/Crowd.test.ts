import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { elapse, host, joiner, peersOf } from "./Network.ts"

const addresses = Array.from({ length: 200 }, (_, index) => `10.0.1.${index + 1}`)

describe("a crowd of 200 joiners", () => {
  it.effect("agrees on one list, without taking long", () =>
    Effect.gen(function*() {
      const live = TestClock.withLive(Clock.currentTimeMillis)
      const begun = yield* live
      const hosting = yield* host()
      const joining = yield* Effect.forEach(addresses, (ip) => Effect.forkChild(joiner(ip)))
      yield* elapse("2 seconds")
      const joiners = yield* Effect.forEach(joining, Fiber.join)
      const everybody = [hosting.self, ...joiners.map(({ self }) => self)].sort()
      for (const peer of [hosting, ...joiners]) {
        const known = yield* peersOf(peer)
        assert.deepStrictEqual([peer.self, ...known].sort(), everybody)
        assert.strictEqual(known.includes(peer.self), false)
      }
      yield* elapse("10 seconds")
      assert.strictEqual((yield* peersOf(hosting)).length, addresses.length)
      assert.isBelow((yield* live) - begun, 20_000)
    }).pipe(Effect.provide(MemoryNetwork.layer({ link: { latency: "10 millis", jitter: "5 millis" } }))), 30_000)

  it.effect("agrees again when half of it has left and others have come", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const staying = yield* Effect.forEach(addresses.slice(0, 50), (ip) => Effect.forkChild(joiner(ip)))
      yield* Effect.scoped(Effect.gen(function*() {
        yield* Effect.forEach(addresses.slice(50, 100), (ip) => Effect.forkChild(joiner(ip)))
        yield* elapse("2 seconds")
        assert.strictEqual((yield* peersOf(hosting)).length, 100)
      }))
      const coming = yield* Effect.forEach(addresses.slice(100, 120), (ip) => Effect.forkChild(joiner(ip)))
      yield* elapse("2 seconds")
      const joiners = yield* Effect.forEach([...staying, ...coming], Fiber.join)
      const everybody = [hosting.self, ...joiners.map(({ self }) => self)].sort()
      for (const peer of [hosting, ...joiners]) {
        assert.deepStrictEqual([peer.self, ...(yield* peersOf(peer))].sort(), everybody)
      }
    }).pipe(Effect.provide(MemoryNetwork.layer())), 30_000)
})
