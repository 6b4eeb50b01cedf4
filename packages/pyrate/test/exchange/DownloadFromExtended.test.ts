import { assert, describe } from "@effect/vitest"
import { Sha256 } from "@peerage/pyrate"
import { Effect } from "effect"
import {
  asking,
  digest,
  elapse,
  found,
  here,
  missing,
  outcome,
  outcomeAfter,
  settle,
  simulated,
  unreadable
} from "./Scene.ts"

describe("a download from an extended holder", () => {
  simulated.each([
    { what: "all of it and its digest", sent: "hello", said: digest("hello"), result: { size: 5, text: "hello" } },
    { what: "a flipped bit", sent: "hellm", said: digest("hello"), result: "Corrupted" },
    { what: "too little", sent: "hell", said: digest("hell"), result: "Incomplete" },
    { what: "an empty file", size: 0, sent: "", said: digest(""), result: { size: 0, text: "" } },
    { what: "no digest", sent: "hello", said: "", result: "Incomplete" },
    { what: "another signal for a digest", sent: "hello", said: here, result: "Incomplete" },
    { what: "more than was announced", sent: "hello, hello", said: digest("hello"), result: { size: 5, text: "hello" } }
  ])("is judged by what comes: $what", function*({ result, said, sent, size = 5 }) {
    const { asked, back, file } = yield* asking
    asked.write(found(size))
    const raw = yield* back
    raw.write(sent)
    raw.pipe.end()
    asked.write(said)
    asked.pipe.end()
    assert.deepStrictEqual(yield* outcome(file), result)
  })

  simulated("is compared by the SHA-256 that is provided", function*() {
    const another = { update: () => {}, digest: () => "0".repeat(64) }
    const { asked, back, file } = yield* Effect.provideService(asking, Sha256.Sha256, () => another)
    asked.write(found(5))
    const raw = yield* back
    raw.write("hello")
    raw.pipe.end()
    asked.write(digest("hello"))
    assert.strictEqual(yield* outcome(file), "Corrupted")
  })

  simulated("does not wait for the end of a connection over which all of it has come", function*() {
    const { asked, back, file } = yield* asking
    asked.write(found(5))
    const raw = yield* back
    raw.write("hello")
    asked.write(digest("hello"))
    assert.deepStrictEqual(yield* outcome(file), { size: 5, text: "hello" })
  })

  simulated("is Incomplete when the holder's program ends in the middle", function*() {
    const { asked, back, file } = yield* asking
    asked.write(found(5))
    const raw = yield* back
    raw.write("he")
    yield* settle
    asked.pipe.reset()
    raw.pipe.reset()
    assert.strictEqual(yield* outcome(file), "Incomplete")
  })

  simulated("comes on the connection of the request when the holder says so", function*() {
    const { asked, file } = yield* asking
    asked.write(...found(5), ...here, "hel", "lo", ...digest("hello"))
    assert.deepStrictEqual(yield* outcome(file), { size: 5, text: "hello" })
  })

  simulated("waits for a signal that the connection back overtakes", function*() {
    const { asked, back, file } = yield* asking
    const raw = yield* back
    raw.write("hell")
    yield* elapse("900 millis")
    asked.write(found(5), digest("hello"))
    raw.pipe.close()
    assert.strictEqual(yield* outcome(file), "Incomplete")
  })

  simulated.each([{ end: "end" }, { end: "reset" }] as const)(
    "is Incomplete at once when the announcement is followed by $end",
    function*({ end }) {
      const { asked, file } = yield* asking
      asked.write(found(5))
      yield* settle
      asked.pipe[end]()
      assert.strictEqual(yield* outcome(file), "Incomplete")
    }
  )

  simulated("is given up after 10 seconds when nothing follows the announcement", function*() {
    const { asked, file } = yield* asking
    asked.write(found(5))
    assert.strictEqual(yield* outcomeAfter(file, 10_000), "PeerUnresponsive")
  })

  simulated.each([{ said: missing, reason: "NoSuchFile" }, { said: unreadable, reason: "UnreadableFile" }])(
    "is $reason when the holder says so, as soon as it has dialed back, and hangs up",
    function*({ reason, said }) {
      const { asked, back, file } = yield* asking
      asked.write(said)
      assert.strictEqual(yield* outcome(file), "Running")
      const raw = yield* back
      assert.strictEqual(yield* outcome(file), reason)
      assert.strictEqual(raw.end, "Fin")
    }
  )

  simulated("is NoSuchFile 0.4 seconds later where the holder does not dial back", function*() {
    const { asked, file } = yield* asking
    asked.write(missing)
    assert.strictEqual(yield* outcomeAfter(file, 400), "NoSuchFile")
  })
})
