/** A bootstrap among strangers: nothing that one of them does keeps it from serving the others. */
import { assert, describe } from "@effect/vitest"
import { Known } from "@peerage/testing"
import { PeerAddress } from "@peerage/transport"
import { Effect } from "effect"
import { suite } from "../../Suite.ts"
import { ask, bootstrap, bootstrapPort, dial, elapse, hub, type Needs, settle, simulated, world } from "../Network.ts"

const [a, b, c] = ["10.0.0.2", "10.0.0.3", "10.0.0.4"]
const at = PeerAddress.at
const there = `${hub}:${bootstrapPort}`
const reasonsOf = (told: ReadonlyArray<{ readonly _tag: string; readonly reason?: string }>) =>
  told.flatMap(({ _tag, reason }) => _tag === "Rejected" ? [reason] : [])

/** Tests in a network in which little is under way at once. */
const narrowness = { window: 1024, sendBuffer: 1024, segment: 512 }
const narrow = suite<Needs>(world(narrowness))

/** Still takes registrations and answers. */
const serves = Effect.gen(function*() {
  yield* ask(c, "0:5999")
  const { text } = yield* ask(c, "1:10000")
  assert.include(text, `${c},5999\n`)
})

describe("a connection that says nothing", () => {
  simulated("blocks nobody, and is ended after ten seconds", function*() {
    const { told } = yield* bootstrap()
    const silent = yield* dial(a, there)
    yield* serves
    yield* elapse("9999 millis")
    assert.strictEqual(silent.end, "Open")
    yield* elapse("1 millis")
    assert.strictEqual(silent.end, "Fin")
    assert.deepStrictEqual(reasonsOf(told), ["PeerUnresponsive"])
  })

  simulated("is one of so many from its address; more are ended at once", function*() {
    const { told } = yield* bootstrap({ maxHandshakesPerAddress: 2 })
    const crowd = [yield* dial(a, there), yield* dial(a, there), yield* dial(a, there)]
    assert.deepStrictEqual(crowd.map(({ end }) => end), ["Open", "Open", "Fin"])
    assert.deepStrictEqual(reasonsOf(told), ["TooMany"])
    yield* serves
    for (const { pipe } of crowd) pipe.reset()
    assert.deepStrictEqual(yield* ask(a, "1:0").pipe(Effect.map(({ end }) => end)), "Fin")
    assert.deepStrictEqual(reasonsOf(told), ["TooMany"])
  })

  simulated("is one of so many in all, of which the first makes way for a newcomer", function*() {
    const { told } = yield* bootstrap({ maxHandshakes: 2 })
    const crowd = [yield* dial(a, there), yield* dial(b, there), yield* dial(c, there)]
    assert.deepStrictEqual(crowd.map(({ end }) => end), ["Fin", "Open", "Open"])
    assert.deepStrictEqual(reasonsOf(told), ["TooMany"])
    yield* elapse("10 seconds")
    yield* serves
  })

  simulated("and is ended or reset by who made it is nobody's business", function*() {
    const { told } = yield* bootstrap()
    const ended = yield* dial(a, there)
    ended.pipe.end()
    const reset = yield* dial(a, there)
    reset.pipe.reset()
    yield* settle
    assert.strictEqual(ended.end, "Fin")
    yield* serves
    assert.deepStrictEqual(reasonsOf(told), [])
  })
})

describe("bytes that are no request", () => {
  simulated.each([{ bytes: "hello" }, { bytes: Uint8Array.of(0x31, 0x3a, 0xff, 0xfe) }])(
    "are refused: $bytes",
    function*({ bytes }) {
      const node = yield* bootstrap()
      const raw = yield* ask(a, bytes)
      assert.deepStrictEqual([raw.text, raw.end], ["", "Fin"])
      assert.deepStrictEqual(node.told, [{ _tag: "Rejected", host: a, reason: "MalformedRequest" }])
      assert.deepStrictEqual(yield* node.listed, [])
      yield* serves
    }
  )

  simulated("are not read on when there are 100,000 of them", function*() {
    const node = yield* bootstrap()
    const raw = yield* ask(a, new Uint8Array(100_000).fill(0x31))
    assert.strictEqual(raw.text, "")
    assert.notStrictEqual(raw.end, "Open")
    assert.deepStrictEqual(reasonsOf(node.told), ["FrameTooLarge"])
    yield* serves
  })
})

describe("a request", () => {
  simulated("that comes in two parts is one", function*() {
    yield* bootstrap()
    yield* ask(a, "0:5001")
    const raw = yield* dial(b, there)
    raw.write("1")
    yield* elapse("100 millis")
    raw.write(":1")
    yield* settle
    assert.deepStrictEqual([raw.text, raw.end], [`${a},5001\n`, "Fin"])
  })

  simulated("is answered at once, whether its sender ends its half or waits", function*() {
    yield* bootstrap()
    yield* ask(a, "0:5001")
    const raw = yield* dial(b, there)
    raw.write("1:3")
    yield* settle
    assert.deepStrictEqual([raw.text, raw.end], [`${a},5001\n`, "Fin"])
  })

  simulated("is the only one of its connection", function*() {
    const node = yield* bootstrap()
    const raw = yield* dial(a, there)
    raw.write("0:5001")
    yield* settle
    raw.write("0:5002")
    yield* settle
    assert.deepStrictEqual(yield* node.listed, [at(a, 5001)])
  })

  simulated.each([
    "4:one.txt",
    "5:",
    "6:id:one.txt:10.0.0.9:5005:3",
    "7:id:10.0.0.9:5005:one.txt"
  ].map((text) => ({ text })))("for a peer is none for a bootstrap: $text", function*({ text }) {
    const node = yield* bootstrap()
    const raw = yield* ask(a, text)
    assert.deepStrictEqual([raw.text, raw.end], ["", "Fin"])
    assert.deepStrictEqual(node.told, [{ _tag: "Rejected", host: a, reason: "UnexpectedMessage" }])
  })
})

describe("the list", () => {
  simulated("has room for so many of one address and so many in all, of which the oldest stay", function*() {
    const node = yield* bootstrap({ maxRegistrations: 3, maxRegistrationsPerAddress: 2 })
    for (const port of [1, 2, 3]) yield* ask(a, `0:${port}`)
    for (const port of [1, 2]) yield* ask(b, `0:${port}`)
    assert.deepStrictEqual(yield* node.listed, [at(a, 1), at(a, 2), at(b, 1)])
    assert.deepStrictEqual(reasonsOf(node.told), ["TooMany", "TooMany"])
  })

  narrow("that nobody reads is waited with for ten seconds", function*() {
    const { sendBuffer, window } = Known.unreadBytes(narrowness)
    // So many that their list is more than a connection takes unread.
    const registered = Math.max(300, Math.ceil(1.2 * (sendBuffer + window) / `${a},5000\n`.length))
    const node = yield* bootstrap({ maxRegistrationsPerAddress: registered + 200 })
    for (let port = 5000; port < 5000 + registered; port++) yield* ask(a, `0:${port}`)
    const raw = yield* dial(b, there)
    raw.pipe.observe({ readable: () => {}, drained: () => {}, closed: () => {} })
    raw.write(`1:${registered}`)
    yield* elapse("10 seconds")
    assert.deepStrictEqual(reasonsOf(node.told), ["PeerUnresponsive"])
    yield* serves
  })
})
