/** How an original is sent payloads, so that its reader gets them whole. (docs/wire/peerpy.md, section 3.) */
import { assert, describe } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { counting } from "../exchange/Pair.ts"
import { connect, elapse, settle, test, visit } from "../peer/Network.ts"
import { header, type Original, type Sent, sentBy } from "./Original.ts"
import { connected, connectedForBytes } from "./Ours.ts"

const large = counting(10 * 8192 + 100)
const wholeChunks = Array.from({ length: 10 }, () => 8192)

/** What ours sent as data, the oldest left out. */
const data = (behind: number) =>
  Effect.map(sentBy(1), (sent) => sent.filter(({ kind }) => kind === "DATA").slice(behind))

const lengths = (sent: ReadonlyArray<Sent>) => sent.map(({ length }) => length)
const gaps = (sent: ReadonlyArray<Sent>) =>
  sent.flatMap(({ at }, index) => {
    const next = sent[index + 1]
    return next === undefined ? [] : [next.at - at]
  })

const arrivedAt = ({ bytes }: Original) => bytes.subarray(128)

describe("a small payload to an original", () => {
  test("goes in one segment with its header", function*() {
    const { connection, original } = yield* connected({ type: "json" })
    yield* elapse(100)
    yield* connection.send("hi")
    yield* connection.send({ é: [1, null] })
    yield* settle
    assert.deepStrictEqual(original.heard, [
      "DATA|data_size=14&data_type=json||{\"data\": \"hi\"}",
      "DATA|data_size=31&data_type=json||{\"data\": {\"\\u00e9\": [1, null]}}"
    ])
  })
})

describe("a large payload to an original", () => {
  test("goes in writes of 8192 bytes with pauses, behind its header", function*() {
    const { connection, original } = yield* connectedForBytes()
    yield* elapse(100)
    const sending = yield* Effect.forkChild(connection.send(large))
    for (let chunk = 0; chunk < 11; chunk++) yield* elapse(2)
    yield* Fiber.join(sending)
    const sent = yield* data(1)
    assert.deepStrictEqual(lengths(sent), [128, ...wholeChunks, 100])
    assert.deepStrictEqual(gaps(sent), [0, ...wholeChunks.map(() => 2)])
    assert.deepStrictEqual(original.segments[0], header(`DATA|data_size=${large.length}&data_type=bytes`))
    assert.deepStrictEqual(arrivedAt(original), large)
  })

  test("is not interspersed with a probe, however long it takes", function*() {
    const { connection, original } = yield* connectedForBytes({ config: { chunkPause: Duration.millis(500) } })
    yield* elapse(100)
    yield* Effect.forkChild(connection.send(large))
    yield* elapse("5 seconds")
    assert.deepStrictEqual(original.bytes.length, 128 + large.length)
    assert.deepStrictEqual(arrivedAt(original), large)
    yield* elapse("2 seconds")
    assert.strictEqual(original.heard.at(-1), "PING||")
  })

  test("keeps nobody from hearing what the original says in the meantime", function*() {
    const { connection, original } = yield* connectedForBytes({ config: { chunkPause: Duration.millis(500) } })
    yield* elapse(100)
    yield* Effect.forkChild(connection.send(large))
    yield* elapse("3 seconds")
    original.say("DATA|data_size=2&data_type=bytes", "hi")
    const receiving = yield* Effect.forkChild(connection.receive)
    yield* settle
    assert.deepStrictEqual(receiving.pollUnsafe()?._tag, "Success")
  })

  test("goes at once where it is told not to be paced", function*() {
    const { connection, original } = yield* connectedForBytes({ paced: false })
    yield* elapse(100)
    yield* connection.send(large)
    yield* settle
    assert.deepStrictEqual(gaps(yield* data(1)).filter((gap) => gap !== 0), [])
    assert.deepStrictEqual(arrivedAt(original), large)
  })
})

describe("a large payload to one of ours", () => {
  test("goes at once, and in writes as large as they may be", function*() {
    const alice = yield* visit(1)
    yield* visit(2)
    const connection = yield* connect(alice, 2, { type: "bytes" })
    yield* connection.send(large)
    yield* settle
    const sent = yield* data(1)
    assert.deepStrictEqual(gaps(sent).filter((gap) => gap !== 0), [])
    assert.deepStrictEqual(lengths(sent).slice(0, 2), [128, 65_536])
  })
})
