import { assert, describe, it } from "@effect/vitest"
import { Door } from "@peerage/transport"
import { Effect } from "effect"

describe("the place before a peer's door", () => {
  it.effect("is bounded for one address and in all, and free again when somebody leaves", () =>
    Effect.gen(function*() {
      const door = Door.make({ maxHandshakes: 3, maxHandshakesPerAddress: 2 })
      const first = yield* door.enter("10.0.0.2")
      yield* door.enter("10.0.0.2")
      assert.deepInclude(yield* Effect.flip(door.enter("10.0.0.2")), { of: "joiners from 10.0.0.2", limit: 2 })
      yield* door.enter("10.0.0.3")
      assert.deepInclude(yield* Effect.flip(door.enter("10.0.0.4")), { of: "joiners", limit: 3 })
      first.leave()
      first.leave()
      yield* door.enter("10.0.0.4")
      assert.strictEqual((yield* Effect.flip(door.enter("10.0.0.5")))._tag, "TooMany")
    }))
})
