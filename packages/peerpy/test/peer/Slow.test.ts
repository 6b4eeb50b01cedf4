import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { both, elapse, ipOf, reasonsOf, running } from "./Network.ts"

const segmented = Effect.provide(MemoryNetwork.layer({ segment: 1460 }))

describe("a large payload over a slow link", () => {
  it.effect.each([{ speed: 16_000, seconds: 25 }, { speed: 1000, seconds: 400 }])(
    "arrives after as long as it takes at $speed bytes a second",
    ({ seconds, speed }) =>
      Effect.gen(function*() {
        const network = yield* MemoryNetwork.MemoryNetwork
        const { alice, bob, far, near } = yield* both({ type: "bytes" })
        yield* network.setLink(ipOf(1), ipOf(2), { bandwidth: speed })
        const receiving = yield* Effect.forkChild(far.receive)
        const sending = yield* Effect.forkChild(near.send(new Uint8Array(400_000)))
        yield* elapse(`${seconds} seconds`)
        assert.isTrue(running(receiving))
        yield* elapse("1 second")
        assert.strictEqual((yield* Fiber.join(receiving)).length, 400_000)
        yield* Fiber.join(sending)
        assert.deepStrictEqual([reasonsOf(alice), reasonsOf(bob)], [[], []])
      }).pipe(segmented)
  )

  it.effect("is given up 10 to 20 seconds after the last byte went", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const { alice, near } = yield* both({ type: "bytes" })
      yield* network.setLink(ipOf(1), ipOf(2), { bandwidth: 1000 })
      const sending = yield* Effect.forkChild(Effect.flip(near.send(new Uint8Array(400_000))))
      yield* elapse("1 minute")
      yield* network.partition(ipOf(1), ipOf(2))
      yield* elapse("9 seconds")
      assert.isTrue(running(sending))
      yield* elapse("11 seconds")
      assert.strictEqual((yield* Fiber.join(sending)).reason._tag, "SlowReader")
      assert.deepStrictEqual(reasonsOf(alice), ["SlowReader"])
    }).pipe(segmented))
})
