import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Option, Stream, SubscriptionRef } from "effect"
import { elapse, host, hostIp, join } from "./Network.ts"

const simulated = Effect.provide(MemoryNetwork.layer())

describe("a network", () => {
  it.effect("lets a host and two joiners know and reach each other", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* join("10.0.0.2")
      const bob = yield* join("10.0.0.3")
      yield* elapse("1 second")
      assert.deepStrictEqual(yield* SubscriptionRef.get(hosting.peers), [ann.self, bob.self])
      assert.deepStrictEqual(yield* SubscriptionRef.get(ann.peers), [hosting.self, bob.self])
      assert.deepStrictEqual(yield* SubscriptionRef.get(bob.peers), [hosting.self, ann.self])
      assert.isTrue(hosting.self.startsWith(hostIp))
      const heard = yield* Effect.forkChild(Stream.runHead(Stream.filter(bob.events, (e) => e._tag === "Message")))
      yield* elapse("1 second")
      const delivery = yield* ann.send(bob.self, { hello: "wörld" })
      assert.deepStrictEqual(delivery, { acknowledged: [bob.self], written: [], failed: [] })
      assert.deepStrictEqual(Option.getOrThrow(yield* Fiber.join(heard)), {
        _tag: "Message",
        from: ann.self,
        to: bob.self,
        alias: "peer",
        sender: "Verified",
        data: { hello: "wörld" }
      })
    }).pipe(simulated))
})
