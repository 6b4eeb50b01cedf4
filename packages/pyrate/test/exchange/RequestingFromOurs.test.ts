import { assert, describe, it } from "@effect/vitest"
import { Sha256 } from "@peerage/pyrate"
import { Effect } from "effect"
import { digest, elapse, fetching, outcome, script, settle, simulated } from "./Scene.ts"

describe("a requester of a file from one of ours", () => {
  const found = "\0pyrate+ found 5\n"

  it.effect.each([
    { what: "all of it and its digest", sent: "hello", said: digest("hello"), result: { size: 5, text: "hello" } },
    { what: "a flipped bit", sent: "hellm", said: digest("hello"), result: "Corrupted" },
    { what: "too little", sent: "hell", said: digest("hell"), result: "Incomplete" },
    { what: "no digest", sent: "hello", said: "", result: "Incomplete" },
    { what: "something else for a digest", sent: "hello", said: "\0pyrate+ here\n", result: "Incomplete" },
    {
      what: "more than was said",
      sent: "hello, hello",
      said: digest("hello"),
      result: { size: 5, text: "hello" }
    }
  ])("makes of $what what it is", ({ result, said, sent }) =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.say(found)
      const back = yield* holder.dial(asked.pipe.remote)
      back.say(sent)
      back.pipe.end()
      asked.say(said)
      asked.pipe.end()
      assert.deepStrictEqual(yield* outcome(file), result)
    }).pipe(simulated))

  it.effect("compares the digest with what the SHA-256 that it is given says", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const another = { update: () => {}, digest: () => "0".repeat(64) }
      const file = yield* Effect.provideService(fetching(), Sha256.Sha256, () => another)
      const asked = yield* holder.asked
      asked.say(found)
      const back = yield* holder.dial(asked.pipe.remote)
      back.say("hello")
      back.pipe.end()
      asked.say(digest("hello"))
      assert.strictEqual(yield* outcome(file), "Corrupted")
    }).pipe(simulated))

  it.effect("does not wait for the end of a connection over which all of it has come", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.say(found)
      const back = yield* holder.dial(asked.pipe.remote)
      back.say("hello")
      asked.say(digest("hello"))
      assert.deepStrictEqual(yield* outcome(file), { size: 5, text: "hello" })
    }).pipe(simulated))

  it.effect("says Incomplete when the holder's program ends in the middle", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.say(found)
      const back = yield* holder.dial(asked.pipe.remote)
      back.say("he")
      yield* settle
      asked.pipe.reset()
      back.pipe.reset()
      assert.strictEqual(yield* outcome(file), "Incomplete")
    }).pipe(simulated))

  it.effect("knows an empty file from a missing one", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const empty = yield* fetching()
      const asked = yield* holder.asked
      asked.say("\0pyrate+ found 0\n")
      const back = yield* holder.dial(asked.pipe.remote)
      back.pipe.close()
      asked.say(digest(""))
      asked.pipe.close()
      assert.deepStrictEqual(yield* outcome(empty), { size: 0, text: "" })
    }).pipe(simulated))

  it.effect("takes the file where it asked, when the holder says so", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.say(...found, ..."\0pyrate+ here\n", "hel", "lo", ...digest("hello"))
      assert.deepStrictEqual(yield* outcome(file), { size: 5, text: "hello" })
    }).pipe(simulated))

  it.effect("waits for the word of a holder whose connection back overtakes it", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      const back = yield* holder.dial(asked.pipe.remote)
      back.say("hell")
      yield* elapse("900 millis")
      asked.say(found, digest("hello"))
      back.pipe.close()
      assert.strictEqual(yield* outcome(file), "Incomplete")
    }).pipe(simulated))

  it.effect.each(["end", "reset"] as const)(
    "says Incomplete at once when the holder's word is followed by its %s",
    (end) =>
      Effect.gen(function*() {
        const holder = yield* script()
        const file = yield* fetching()
        const asked = yield* holder.asked
        asked.say(found)
        yield* settle
        asked.pipe[end]()
        assert.strictEqual(yield* outcome(file), "Incomplete")
      }).pipe(simulated)
  )

  it.effect("gives up after 10 seconds on one that says it has the file, and no more", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.say(found)
      yield* elapse("9999 millis")
      assert.strictEqual(yield* outcome(file), "Running")
      yield* elapse("1 milli")
      assert.strictEqual(yield* outcome(file), "PeerUnresponsive")
    }).pipe(simulated))

  it.effect("says NoSuchFile when the holder does, as soon as it has dialed back, and hangs up", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.say("\0pyrate+ missing\n")
      assert.strictEqual(yield* outcome(file), "Running")
      const back = yield* holder.dial(asked.pipe.remote)
      assert.strictEqual(yield* outcome(file), "NoSuchFile")
      assert.strictEqual(back.end, "Fin")
    }).pipe(simulated))

  it.effect("says NoSuchFile 0.4 seconds later where it does not", () =>
    Effect.gen(function*() {
      const holder = yield* script()
      const file = yield* fetching()
      const asked = yield* holder.asked
      asked.say("\0pyrate+ missing\n")
      yield* elapse("399 millis")
      assert.strictEqual(yield* outcome(file), "Running")
      yield* elapse("1 milli")
      assert.strictEqual(yield* outcome(file), "NoSuchFile")
    }).pipe(simulated))
})
