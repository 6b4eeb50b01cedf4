/** Many joiners at once, as many as the caller likes. */
import { assert, describe, it } from "@effect/vitest"
import type { AuthPeer, JoinPeer } from "@peerage/pyile"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { elapse, host, joiner, peersOf } from "./Network.ts"

/** Expects everybody to know everybody else. */
const agreed = Effect.fnUntraced(function*(
  hosting: AuthPeer.AuthPeerService,
  joiners: ReadonlyArray<JoinPeer.JoinPeerService>
) {
  const peers = [hosting, ...joiners]
  const everybody = peers.map(({ self }) => self).sort()
  for (const peer of peers) assert.deepStrictEqual([peer.self, ...(yield* peersOf(peer))].sort(), everybody)
})

/** The tests of a crowd of as many joiners. */
export const crowd = (size: number) =>
  describe(`a crowd of ${size} joiners`, () => {
    const addresses = Array.from({ length: size }, (_, index) => `10.0.1.${index + 1}`)
    const joining = (from: number, to: number) =>
      Effect.forEach(addresses.slice(from, to), (ip) => Effect.forkChild(joiner(ip)))

    it.effect("agrees on one list, of which nobody gets more than a few", () =>
      Effect.gen(function*() {
        const network = yield* MemoryNetwork.MemoryNetwork
        const hosting = yield* host()
        const coming = yield* joining(0, size)
        yield* elapse("2 seconds")
        yield* agreed(hosting, yield* Effect.forEach(coming, Fiber.join))
        yield* elapse("10 seconds")
        assert.strictEqual((yield* peersOf(hosting)).length, size)
        assert.isAtMost(yield* network.events, 60 * size)
      }).pipe(Effect.provide(MemoryNetwork.layer({ link: { latency: "10 millis", jitter: "5 millis" } }))))

    it.effect("agrees again when half of it has left and others have come", () =>
      Effect.gen(function*() {
        const hosting = yield* host()
        const staying = yield* joining(0, size / 4)
        yield* Effect.scoped(Effect.gen(function*() {
          yield* joining(size / 4, size / 2)
          yield* elapse("2 seconds")
          assert.strictEqual((yield* peersOf(hosting)).length, size / 2)
        }))
        const coming = yield* joining(size / 2, size)
        yield* elapse("2 seconds")
        yield* agreed(hosting, yield* Effect.forEach([...staying, ...coming], Fiber.join))
      }).pipe(Effect.provide(MemoryNetwork.layer())))
  })
