import { assert, describe } from "@effect/vitest"
import { Deferred, Effect, Stream } from "effect"
import { bytesOf } from "../fixtures/Pickles.ts"
import { connect, count, elapse, helloOf, reasonsOf, settle, stranger, test, valuesOf, visit } from "./Network.ts"

const mebibyte = 1_048_576
// Four payloads of a mebibyte with their headers.
const config = { maxHeldBytes: 4 * mebibyte + 1024, maxPayloadBytes: mebibyte }
const ours = "&peerage=1"

/** A connection on which all but the last byte of a payload was sent. */
const unfinished = Effect.fnUntraced(function*(machine: number, size = mebibyte, more = ours) {
  const raw = yield* stranger(machine, 2)
  raw.say(helloOf(machine, "bytes", more), `DATA|data_size=${size}&data_type=bytes`)
  raw.write(new Uint8Array(size - 1))
  yield* settle
  return raw
})

describe("a peer whose memory is filled", () => {
  test("with payloads that never end holds no more than its budget, and takes those of others", function*() {
    const bob = yield* visit(2, { config })
    const alice = yield* visit(1)
    const connection = yield* connect(alice, 2, { type: "bytes" })
    for (let at = 0; at < 30; at++) {
      yield* unfinished(9)
      yield* elapse("100 millis")
      assert.isAtMost((yield* count(bob)) - 1, 4)
      if (at % 10 === 0) yield* connection.send(new Uint8Array(mebibyte / 2))
    }
    yield* settle
    assert.deepStrictEqual(valuesOf(bob).length, 3)
    assert.deepStrictEqual(reasonsOf(bob), Array.from({ length: 26 }, () => "TooMuchHeld"))
  })

  test("lets go of the address that fills most of it, not of one that sends a large payload slowly", function*() {
    const bob = yield* visit(2, { config })
    const slow = yield* unfinished(8)
    yield* elapse("20 seconds")
    for (let at = 0; at < 10; at++) yield* unfinished(9, mebibyte / 2)
    slow.write("x")
    yield* settle
    assert.deepStrictEqual([valuesOf(bob).length, new Set(reasonsOf(bob))], [1, new Set(["TooMuchHeld"])])
  })

  test("with values that its application does not take closes connections, and drops their values", function*() {
    const bob = yield* visit(2, { config, serve: () => Effect.never })
    for (let at = 0; at < 10; at++) {
      const raw = yield* unfinished(9)
      raw.write("x")
      yield* settle
      yield* elapse("1 second")
    }
    assert.strictEqual(yield* count(bob), 4)
    assert.deepStrictEqual(reasonsOf(bob), Array.from({ length: 6 }, () => "TooMuchHeld"))
  })

  test("with small pickles of large values that its application does not take closes connections", function*() {
    const bob = yield* visit(2, { config, serve: () => Effect.never })
    const payload = bytesOf(`](${"}".repeat(10_000)}e.`)
    for (let at = 0; at < 5; at++) {
      const raw = yield* stranger(9, 2)
      raw.say(helloOf(9, "raw"), `DATA|data_size=${payload.length}&data_type=raw`)
      raw.write(payload)
      yield* settle
    }
    // Each dict takes some 270 bytes.
    assert.deepStrictEqual([yield* count(bob), reasonsOf(bob)], [1, Array.from({ length: 4 }, () => "TooMuchHeld")])
  })

  test("by a small payload of large values stops reading it", function*() {
    const bob = yield* visit(2, { config })
    const payload = bytesOf(`](${"}".repeat(100_000)}e.`)
    const raw = yield* stranger(9, 2)
    raw.say(helloOf(9, "raw"), `DATA|data_size=${payload.length}&data_type=raw`)
    raw.write(payload)
    yield* settle
    assert.deepStrictEqual([reasonsOf(bob), valuesOf(bob)], [["TooMuchHeld"], []])
  })

  test("with values that a subscriber of its events does not take holds the latest of them", function*() {
    const bob = yield* visit(2, { config: { ...config, maxEventBytes: 3 * mebibyte } })
    const alice = yield* visit(1)
    const gate = yield* Deferred.make<void>()
    const slow: Array<unknown> = []
    const taking = Stream.runForEach(
      bob.events,
      (event) => Effect.andThen(Deferred.await(gate), Effect.sync(() => event._tag === "Data" && slow.push(event.data)))
    )
    yield* Effect.forkScoped(taking, { startImmediately: true })
    const connection = yield* connect(alice, 2, { type: "bytes" })
    for (let at = 0; at < 12; at++) yield* connection.send(new Uint8Array(mebibyte).fill(at))
    yield* settle
    yield* Deferred.succeed(gate, undefined)
    yield* settle
    const first = slow.map((data) => data instanceof Uint8Array ? data[0] : undefined)
    assert.deepStrictEqual([valuesOf(bob).length, first], [12, [9, 10, 11]])
  })

  test("counts nothing for what was taken: any number of large payloads comes over one connection", function*() {
    const bob = yield* visit(2, { config })
    const alice = yield* visit(1)
    const connection = yield* connect(alice, 2, { type: "bytes" })
    for (let at = 0; at < 12; at++) yield* connection.send(new Uint8Array(mebibyte))
    yield* settle
    assert.deepStrictEqual([valuesOf(bob).length, reasonsOf(bob)], [12, []])
  })
})

describe("a payload of which nothing more comes", () => {
  const ends = [
    { name: "one of ours", more: ours, size: mebibyte },
    { name: "an original", more: "", size: mebibyte },
    { name: "one of ours, of bytes that are not held", more: ours, size: 2 * mebibyte }
  ]

  test.each(ends)("ends the connection after 30 seconds: from $name", function*({ more, size }) {
    const bob = yield* visit(2, { config })
    yield* unfinished(9, size, more)
    yield* elapse("29 seconds")
    assert.deepStrictEqual(reasonsOf(bob), [])
    yield* elapse("3 seconds")
    assert.deepStrictEqual(reasonsOf(bob), ["PeerUnresponsive"])
  })

  test.each(ends)("is waited for as long as it comes at all: from $name", function*({ more, size }) {
    const bob = yield* visit(2, { config })
    const raw = yield* unfinished(9, size - 10, more)
    for (let at = 0; at < 10; at++) {
      yield* elapse("25 seconds")
      raw.write("x")
    }
    yield* elapse("1 second")
    assert.deepStrictEqual(reasonsOf(bob).filter((reason) => reason === "PeerUnresponsive"), [])
  })
})
