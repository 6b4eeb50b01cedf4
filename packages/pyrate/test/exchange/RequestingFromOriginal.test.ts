import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import { elapse, fetching, holderIp, outcome, script, settle, simulated } from "./Scene.ts"

describe("a requester of a file from an original", () => {
  it.effect("asks in the original's words, and ends its half of the connection", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      yield* fetching()
      const asked = yield* holder.asked
      assert.strictEqual(asked.heard, "4:song.txt")
      assert.strictEqual(asked.end, "Fin")
    }).pipe(simulated))

  it.effect("is there when the holder hangs up and dials back a while later", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.pipe.close()
      yield* elapse("9 seconds")
      const back = yield* holder.dial(asked.pipe.remote)
      back.say("la ", "la")
      yield* elapse("9 seconds")
      back.say(" la")
      back.pipe.close()
      assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la la" })
    }).pipe(simulated))

  it.effect("is there when the holder dials back before it hangs up, or never does", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      const back = yield* holder.dial(asked.pipe.remote)
      back.say("la la")
      back.pipe.close()
      yield* elapse("1 second")
      assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la" })
    }).pipe(simulated))

  it.effect("takes an answer on the connection that it asked over", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.say("la ", "la")
      asked.pipe.close()
      assert.deepStrictEqual(yield* outcome(file), { size: undefined, text: "la la" })
    }).pipe(simulated))

  it.effect.each([
    { where: "back", end: "reset", reason: "Incomplete" },
    { where: "here", end: "reset", reason: "Incomplete" },
    { where: "back", end: "silence", reason: "PeerUnresponsive" },
    { where: "here", end: "silence", reason: "PeerUnresponsive" }
  ])("says $reason when a file that comes $where ends with $end", ({ end, reason, where }) =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      if (where === "back") asked.pipe.close()
      const way = where === "back" ? yield* holder.dial(asked.pipe.remote) : asked
      way.say("la la")
      yield* settle
      if (end === "reset") way.pipe.reset()
      else yield* elapse("10 seconds")
      assert.strictEqual(yield* outcome(file), reason)
    }).pipe(simulated))

  it.effect("cannot tell a missing file from an empty one, and says that nothing came", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.pipe.close()
      const back = yield* holder.dial(asked.pipe.remote)
      back.pipe.close()
      assert.strictEqual(yield* outcome(file), "EmptyAnswer")
    }).pipe(simulated))

  it.effect.each(["hangs up and never dials back", "says nothing at all"])(
    "gives up after exactly 10 seconds on one that %s",
    (what) =>
      Effect.gen(function*() {
        const holder = yield* script()
        const file = yield* fetching()
        const asked = yield* holder.asked
        if (what.startsWith("hangs")) asked.pipe.close()
        yield* elapse("9999 millis")
        assert.strictEqual(yield* outcome(file), "Running")
        yield* elapse("1 milli")
        assert.strictEqual(yield* outcome(file), "PeerUnresponsive")
      }).pipe(simulated)
  )

  it.effect("says Unreachable where nobody listens, at once, and where nobody is, after 4 seconds", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      network.transport(holderIp)
      assert.strictEqual(yield* outcome(yield* fetching()), "Unreachable")
      yield* network.kill(holderIp)
      const file = yield* fetching()
      yield* elapse("3999 millis")
      assert.strictEqual(yield* outcome(file), "Running")
      yield* elapse("1 milli")
      assert.strictEqual(yield* outcome(file), "Unreachable")
    }).pipe(simulated))

  it.effect("leaves neither a connection nor its port open behind it", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.pipe.close()
      const back = yield* holder.dial(asked.pipe.remote)
      back.say("la la")
      back.pipe.end()
      yield* outcome(file)
      yield* settle
      assert.strictEqual(back.end, "Fin")
      assert.strictEqual((yield* Effect.flip(holder.dial(asked.pipe.remote))).reason._tag, "SocketOpenError")
    }).pipe(simulated))
})
