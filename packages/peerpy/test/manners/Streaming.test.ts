/** Streams with an original, which takes a probe for payload and loses the first answer. (docs/wire/peerpy.md, section 4.) */
import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { counting } from "../exchange/Pair.ts"
import { elapse, reasonsOf, settle, test, valuesOf } from "../peer/Network.ts"
import { connector, header } from "./Original.ts"
import { connected, visited } from "./Ours.ts"

const streaming = "data_type=bytes&strict=True&stream=True"
const begin = connected({ type: "bytes", stream: true })
const first = "DATA|data_size=16&data_type=bytes"
const frame = (fill: number) => new Uint8Array(16).fill(fill)

describe("a stream to an original", () => {
  test("has a header in front of its first frame and bare frames behind it", function*() {
    const { connection, original } = yield* begin
    yield* elapse(100)
    for (const fill of [1, 2, 3]) yield* connection.send(frame(fill))
    yield* settle
    assert.deepStrictEqual(original.segments, [
      new Uint8Array(Buffer.concat([header(first), frame(1)])),
      frame(2),
      frame(3)
    ])
  })

  test("is never probed, used or not, whoever has connected", function*() {
    const dialed = yield* begin
    const other = yield* connector(8, 1, streaming)
    yield* elapse("11 seconds")
    yield* dialed.connection.send(frame(1))
    other.say(first, frame(1))
    yield* elapse("11 seconds")
    assert.deepStrictEqual(dialed.original.segments.map(({ length }) => length), [144])
    assert.deepStrictEqual(other.heard, ["ACCEPT||"])
  })

  test("may begin at both ends at once", function*() {
    const { connection, original, ours } = yield* begin
    yield* elapse(100)
    yield* connection.send(frame(1))
    original.say(first, frame(2))
    yield* settle
    original.write(frame(3))
    yield* connection.send(frame(4))
    yield* elapse("2 seconds")
    assert.deepStrictEqual(valuesOf(ours), [frame(2), frame(3)])
    assert.deepStrictEqual(original.segments.map(({ length }) => length), [144, 16])
  })
})

describe("the first answer on an original's stream", () => {
  test("waits for the original's probe, which shows that it will be read", function*() {
    const { connection, original } = yield* visited(streaming)
    original.say(first, frame(1))
    yield* settle
    const answering = yield* Effect.forkChild(connection.sendAny(frame(2)))
    yield* elapse("1999 millis")
    assert.deepStrictEqual(original.heard, [])
    original.say("PING")
    yield* settle
    yield* Fiber.join(answering)
    assert.deepStrictEqual(original.segments, [frame(2)])
  })

  test("waits where ours has connected as well", function*() {
    const { connection, original } = yield* begin
    original.say(first, frame(1))
    yield* elapse(100)
    yield* Effect.forkChild(connection.send(frame(2)))
    yield* elapse("1 second")
    assert.deepStrictEqual(original.heard, [])
    original.say("PING")
    yield* settle
    assert.deepStrictEqual(original.segments, [frame(2)])
  })

  test("is followed by others without waiting", function*() {
    const { connection, original } = yield* visited(streaming)
    original.say(first, frame(1))
    original.say("PING")
    yield* settle
    yield* connection.sendAny(frame(2))
    original.write(frame(3))
    yield* connection.sendAny(frame(4))
    yield* settle
    assert.deepStrictEqual(original.segments, [frame(2), frame(4)])
  })

  test("fails when the original goes before", function*() {
    const { connection, original } = yield* visited(streaming)
    original.say(first, frame(1))
    yield* settle
    const answering = yield* Effect.forkChild(connection.sendAny(frame(2)))
    yield* settle
    original.pipe.close()
    yield* elapse("3 seconds")
    assert.strictEqual((yield* Effect.flip(Fiber.join(answering))).reason._tag, "PeerClosed")
  })
})

describe("an original's probe on a stream", () => {
  test.each([1, 16, 127, 128, 129, 4096])("is no frame of %d bytes, wherever it is cut", function*(size) {
    const { original, ours } = yield* visited(streaming)
    const value = counting(size).fill(7)
    const probe = header("PING")
    original.say(`DATA|data_size=${size}&data_type=bytes`, value)
    for (const cut of [1, 3, 4, 64, 127]) {
      original.write(probe.subarray(0, cut))
      yield* settle
      original.write(probe.subarray(cut))
      original.write(value)
      yield* settle
    }
    yield* elapse("3 seconds")
    assert.deepStrictEqual(valuesOf(ours), Array.from({ length: 6 }, () => value))
    assert.deepStrictEqual(reasonsOf(ours), [])
  })

  test("is told from a frame that begins like one", function*() {
    const { original, ours } = yield* visited(streaming)
    const like = header("PING").subarray(0, 16)
    original.say(first, frame(1))
    original.write(like)
    yield* elapse("2 seconds")
    assert.deepStrictEqual(valuesOf(ours), [frame(1), new Uint8Array(like)])
  })
})
