import { assert, describe, it } from "@effect/vitest"
import { Effect, SubscriptionRef } from "effect"
import { connect, settle, simulated, tagsOf, visit } from "./Network.ts"

describe("two peers", () => {
  it.effect("connect, talk both ways, and part", () =>
    Effect.gen(function*() {
      const alice = yield* visit(1)
      const bob = yield* visit(2)
      const connection = yield* connect(alice, 2, { type: "json" })
      yield* connection.send({ hello: ["bob", 1, null] })
      yield* settle
      assert.deepInclude(bob.told, { _tag: "Data", peer: alice.self, type: "json", data: { hello: ["bob", 1, null] } })
      const [back] = yield* SubscriptionRef.get(bob.connections)
      if (back?.type === "json") yield* back.send("hello alice")
      assert.strictEqual(yield* connection.receive, "hello alice")
      yield* connection.close
      yield* settle
      assert.deepStrictEqual(tagsOf(bob), ["Offer", "Connected", "Data", "Closed"])
      assert.deepStrictEqual(yield* SubscriptionRef.get(bob.connections), [])
      assert.deepStrictEqual(yield* SubscriptionRef.get(alice.connections), [])
    }).pipe(Effect.scoped, simulated))
})
