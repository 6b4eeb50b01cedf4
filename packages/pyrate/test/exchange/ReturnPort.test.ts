import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import { Raw } from "./Raw.ts"
import { fetching, outcome, script, settle, simulated, strangerIp } from "./Scene.ts"

describe("a requester whose port somebody else finds", () => {
  it.effect("resets strangers, and takes the file from the holder all the same", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.pipe.close()
      const stranger = network.transport(strangerIp)
      // More than the port holds at once.
      for (let count = 0; count < 40; count++) {
        const intruder = new Raw(yield* stranger.connect(asked.pipe.remote))
        intruder.say("something else")
        yield* settle
        assert.strictEqual(intruder.end, "ECONNRESET")
      }
      const back = yield* holder.dial(asked.pipe.remote)
      back.say("la ")
      yield* settle
      const late = new Raw(yield* stranger.connect(asked.pipe.remote))
      yield* settle
      assert.strictEqual(late.end, "ECONNRESET")
      back.say("la")
      back.pipe.close()
      assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la" })
    }).pipe(simulated))

  it.effect("resets strangers also while the holder has not hung up", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const holder = yield* script()
      yield* fetching()
      const asked = yield* holder.asked
      const intruder = new Raw(yield* network.transport(strangerIp).connect(asked.pipe.remote))
      yield* settle
      assert.strictEqual(intruder.end, "ECONNRESET")
    }).pipe(simulated))

  it.effect("takes the first connection back only", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.pipe.close()
      const first = yield* holder.dial(asked.pipe.remote)
      const second = yield* holder.dial(asked.pipe.remote)
      second.say("not this")
      first.say("la la")
      yield* settle
      assert.strictEqual(second.end, "ECONNRESET")
      first.pipe.close()
      assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la" })
    }).pipe(simulated))
})
