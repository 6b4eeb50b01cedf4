/** Many joiners at once, as many as the caller likes. */
import { assert, describe, it } from "@effect/vitest"
import type { AuthPeer, JoinPeer } from "@peerage/pyile"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { elapse, host, joiner } from "./Network.ts"
import { peersOf } from "./Watching.ts"

/** Expects everybody to know everybody else. */
const agreed = Effect.fnUntraced(function*(
  hosting: AuthPeer.AuthPeerService,
  joiners: ReadonlyArray<JoinPeer.JoinPeerService>
) {
  const peers = [hosting, ...joiners]
  const everybody = peers.map(({ self }) => self).sort()
  for (const peer of peers) assert.deepStrictEqual([peer.self, ...(yield* peersOf(peer))].sort(), everybody)
})

/** The test of a crowd of as many joiners. */
export const crowd = (size: number) =>
  describe(`a crowd of ${size} joiners`, () => {
    const addresses = Array.from({ length: 2 * size }, (_, index) => `10.0.${1 + (index >> 7)}.${64 + (index & 127)}`)
    const joining = (from: number, to: number) =>
      Effect.forEach(addresses.slice(from, to), (ip) => Effect.forkScoped(Effect.orDie(joiner(ip))))

    it.effect("agrees on one list, at few lists for each, and again when half of it is replaced", () =>
      Effect.gen(function*() {
        const network = yield* MemoryNetwork.MemoryNetwork
        const hosting = yield* host()
        const staying = yield* joining(0, size / 2)
        yield* Effect.scoped(Effect.gen(function*() {
          const leaving = yield* joining(size / 2, size)
          yield* elapse("2 seconds")
          yield* agreed(hosting, yield* Effect.forEach([...staying, ...leaving], Fiber.join))
          assert.isAtMost(yield* network.events, 60 * size)
        }))
        const coming = yield* joining(size, 1.5 * size)
        yield* elapse("5 seconds")
        yield* agreed(hosting, yield* Effect.forEach([...staying, ...coming], Fiber.join))
      }).pipe(Effect.provide(MemoryNetwork.layer({ link: { latency: "10 millis", jitter: "5 millis" } }))))
  })
