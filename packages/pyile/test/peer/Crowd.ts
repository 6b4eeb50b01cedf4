/** Many joiners at once, as many as whoever calls this likes. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { elapse, host, joiner, peersOf } from "./Network.ts"

/** The tests of a crowd of as many joiners. */
export const crowd = (size: number) =>
  describe(`a crowd of ${size} joiners`, () => {
    const addresses = Array.from({ length: size }, (_, index) => `10.0.1.${index + 1}`)

    it.effect("agrees on one list, at little cost", () =>
      Effect.gen(function*() {
        const { user: begun } = process.cpuUsage()
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
        assert.isBelow(process.cpuUsage().user - begun, 20_000_000)
      }).pipe(Effect.provide(MemoryNetwork.layer({ link: { latency: "10 millis", jitter: "5 millis" } }))))

    it.effect("agrees again when half of it has left and others have come", () =>
      Effect.gen(function*() {
        const hosting = yield* host()
        const staying = yield* Effect.forEach(addresses.slice(0, size / 4), (ip) => Effect.forkChild(joiner(ip)))
        yield* Effect.scoped(Effect.gen(function*() {
          yield* Effect.forEach(addresses.slice(size / 4, size / 2), (ip) => Effect.forkChild(joiner(ip)))
          yield* elapse("2 seconds")
          assert.strictEqual((yield* peersOf(hosting)).length, size / 2)
        }))
        const coming = yield* Effect.forEach(addresses.slice(size / 2), (ip) => Effect.forkChild(joiner(ip)))
        yield* elapse("2 seconds")
        const joiners = yield* Effect.forEach([...staying, ...coming], Fiber.join)
        const everybody = [hosting.self, ...joiners.map(({ self }) => self)].sort()
        for (const peer of [hosting, ...joiners]) {
          assert.deepStrictEqual([peer.self, ...(yield* peersOf(peer))].sort(), everybody)
        }
      }).pipe(Effect.provide(MemoryNetwork.layer())))
  })
