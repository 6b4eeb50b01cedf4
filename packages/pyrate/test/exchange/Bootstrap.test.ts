import { assert, describe } from "@effect/vitest"
import { MemoryNetwork, PeerAddress } from "@peerage/transport"
import { Effect } from "effect"
import * as Bootstrap from "../../src/exchange/Bootstrap.ts"
import { elapse, holderFrom, outcome, outcomeAfter, script, settle, simulated } from "./Scene.ts"

const rows = [
  { says: "0:5005", kind: "Register" },
  { says: "3:5005", kind: "KeepAlive" },
  { says: "2:5005", kind: "Unregister" }
] as const

const telling = (kind: Bootstrap.Registration["_tag"]) =>
  Effect.forkScoped(Effect.flatMap(holderFrom(), (bootstrap) => Bootstrap.register(bootstrap, kind, 5005)))

describe("a peer that tells a bootstrap of itself", () => {
  simulated.each(rows)(
    "says $says in one write, and waits for the bootstrap to hang up",
    function*({ kind, says }) {
      const node = yield* script()
      const told = yield* telling(kind)
      const asked = yield* node.asked
      assert.strictEqual(asked.text, says)
      const data = (yield* (yield* MemoryNetwork.MemoryNetwork).trace).filter(({ kind }) => kind === "DATA")
      assert.strictEqual(data.length, 1)
      assert.strictEqual(asked.end, "Open")
      assert.strictEqual(yield* outcome(told), "Running")
      asked.pipe.close()
      assert.strictEqual(yield* outcome(told), undefined)
    }
  )

  simulated("hangs up after 10 seconds on a bootstrap that does not, and was heard for all it knows", function*() {
    const node = yield* script()
    const told = yield* telling("Register")
    const asked = yield* node.asked
    yield* elapse("9999 millis")
    assert.strictEqual(asked.end, "Open")
    yield* elapse("1 milli")
    assert.strictEqual(asked.end, "Fin")
    assert.strictEqual(yield* outcome(told), undefined)
  })

  simulated.each(rows)(
    "was not heard where the bootstrap resets $says, as one that is encrypted does",
    function*({ kind }) {
      const node = yield* script()
      const told = yield* telling(kind)
      const asked = yield* node.asked
      asked.pipe.reset()
      assert.strictEqual(yield* outcome(told), "Unanswered")
    }
  )

  simulated.each(rows)("says Unreachable where nobody listens to $says", function*({ kind }) {
    const told = yield* telling(kind)
    yield* elapse("4 seconds")
    assert.strictEqual(yield* outcome(told), "Unreachable")
  })
})

/** A bootstrap that was asked for 3 peers, and the asking. */
const asking = Effect.gen(function*() {
  const node = yield* script()
  const list = yield* Effect.forkScoped(Bootstrap.askForPeers(yield* holderFrom({ maxListBytes: 100 }), 3))
  return { list, asked: yield* node.asked }
})

const one = PeerAddress.at("10.0.0.2", 5005)

simulated("a list of peers takes as long as it takes, while something comes", function*() {
  const { asked, list } = yield* asking
  for (const letter of "10.0.0.2,5005\n") {
    yield* elapse("9 seconds")
    asked.write(letter)
  }
  assert.strictEqual(yield* outcome(list), "Running")
  asked.pipe.close()
  assert.deepStrictEqual(yield* outcome(list), [one])
})

describe("a peer that asks a bootstrap who is there", () => {
  simulated("says so in one write, and reads up to the end", function*() {
    const { asked, list } = yield* asking
    assert.strictEqual(asked.text, "1:3")
    asked.write("10.0.0.2,5005\n10.0.", "0.3,5006\n")
    assert.strictEqual(yield* outcome(list), "Running")
    asked.pipe.close()
    assert.deepStrictEqual(yield* outcome(list), [one, PeerAddress.at("10.0.0.3", 5006)])
  })

  simulated.each(
    [
      { what: "nothing and the end", said: "", end: "close", result: [] },
      { what: "the answer of a web server", said: "HTTP/1.1 400 Bad\r\n", end: "close", result: "OtherProtocol" },
      { what: "an entry that was cut off", said: "10.0.0.2,5005\n10.0.0.3,50", end: "close", result: [one] },
      {
        what: "a reset behind the list, as an original sends it",
        said: "10.0.0.2,5005\n",
        end: "reset",
        result: [one]
      },
      { what: "a reset alone", said: "", end: "reset", result: "Unanswered" }
    ] as const
  )("makes of $what what it is", function*({ end, result, said }) {
    const { asked, list } = yield* asking
    asked.write(said)
    yield* settle
    asked.pipe[end]()
    assert.deepStrictEqual(yield* outcome(list), result)
  })

  simulated("stops reading an endless list", function*() {
    const { asked, list } = yield* asking
    asked.write("10.0.0.2,5005\n".repeat(8))
    assert.strictEqual(yield* outcome(list), "FrameTooLarge")
  })

  simulated("gives up after exactly 10 seconds on a bootstrap that does not hang up", function*() {
    const { asked, list } = yield* asking
    asked.write("10.0.0.2,5005\n")
    assert.strictEqual(yield* outcomeAfter(list, 10_000), "PeerUnresponsive")
  })
})
