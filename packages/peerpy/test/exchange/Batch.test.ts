import { assert, describe, it } from "@effect/vitest"
import { Effect, Queue, Result } from "effect"
import * as DataHeader from "../../src/codec/DataHeader.ts"
import * as Header from "../../src/codec/Header.ts"
import * as Payload from "../../src/codec/Payload.ts"
import * as Batch from "../../src/exchange/Batch.ts"
import * as Data from "../../src/exchange/Data.ts"
import { Intake } from "../../src/exchange/Intake.ts"
import { ascii, header, joined } from "./Raw.ts"

const terms: Data.Terms = { type: "json", strict: true, stream: false, ours: true }

/** What has arrived, as one chunk. */
const arrived = Effect.fnUntraced(function*(...parts: ReadonlyArray<Uint8Array>) {
  const chunks = yield* Queue.unbounded<Uint8Array>()
  yield* Queue.offer(chunks, joined(parts))
  const intake = new Intake({ pull: Queue.takeAll(chunks) })
  yield* intake.more
  return intake
})

const payload = (text: string) => joined([header(`DATA|data_size=${ascii(text).length}&data_type=json`), ascii(text)])
const message = (value: Payload.Values["json"]) => payload(`{"data": ${JSON.stringify(value)}}`)
const taken = (intake: Intake, changed: Partial<Data.Terms> = {}, limit = 1000) =>
  Batch.take(intake, { terms: { ...terms, ...changed }, progress: Data.beginning(), limit }).map(({ value }) => value)

describe("many small messages", () => {
  it.effect("are taken at once, as far as they have arrived whole", () =>
    Effect.gen(function*() {
      const intake = yield* arrived(message(1), message("two"), message([3]), message(4).subarray(0, -1))
      assert.deepStrictEqual(taken(intake), [1, "two", [3]])
      assert.strictEqual(intake.available, message(4).length - 1)
    }))

  it.effect.each<readonly [what: string, odd: Uint8Array]>([
    ["a probe", header("PING")],
    ["a header in another form", joined([header("DATA|data_type=json&data_size=11"), ascii("{\"data\": 7}")])],
    ["a size with a zero in front", joined([header("DATA|data_size=011&data_type=json"), ascii("{\"data\": 7}")])],
    ["another type", header("DATA|data_size=1&data_type=bytes")],
    ["too large a payload", payload(`{"data": "${"x".repeat(1000)}"}`)],
    ["what is no json", payload("{\"data\": ")],
    ["what is no envelope", payload("[1, 2, 3, 4]")],
    ["a size without end", ascii("DATA|data_size=9".padEnd(200, "9"))],
    ["nothing like a header", ascii("x".repeat(500))]
  ])("are taken up to %s, which is left", ([, odd]) =>
    Effect.gen(function*() {
      const intake = yield* arrived(message(1), message(2), odd, message(3))
      assert.deepStrictEqual(taken(intake), [1, 2])
      assert.strictEqual(intake.available, odd.length + message(3).length)
    }))

  it.effect.each<readonly [what: string, odd: Uint8Array]>([
    ["text that is not ASCII", ascii("é")],
    ["bytes that are no text", Uint8Array.of(0xff)],
    ["a character that is cut off", ascii("é").subarray(0, 1)]
  ])("are left where there is %s among them", ([, odd]) =>
    Effect.gen(function*() {
      const intake = yield* arrived(message(1), message(2), odd)
      assert.deepStrictEqual(taken(intake), [])
      assert.strictEqual(intake.available, 2 * message(1).length + odd.length)
    }))

  it.effect("are left on a stream, and on connections for other types", () =>
    Effect.gen(function*() {
      const intake = yield* arrived(message(1), message(2))
      assert.deepStrictEqual(taken(intake, { stream: true }), [])
      assert.deepStrictEqual(taken(intake, { type: "bytes" }), [])
    }))
})

describe("the header of a message as text", () => {
  it.each([0, 1, 98, 16_777_216, Number.MAX_SAFE_INTEGER])("is what a header of %i bytes is as bytes", (size) => {
    for (const type of ["raw", "json", "bytes"] as const) {
      const bytes = Result.getOrThrow(Header.encode({ _tag: "Data", size, type }))
      assert.deepStrictEqual(ascii(DataHeader.pad(DataHeader.print(type, size))), bytes)
      assert.deepStrictEqual(Header.decode(bytes), Result.succeed({ _tag: "Data", size, type }))
    }
  })

  it.each([
    "DATA|data_size=&data_type=json|",
    "DATA|data_size=1234567890123456&data_type=json|",
    "DATA|data_size=1&data_type=json&more=1|",
    "DATA|data_size=1&data_type=json",
    "DATA|data_type=json&data_size=1|",
    "DATA|data_size=-1&data_type=json|",
    "XDATA|data_size=1&data_type=json|"
  ])("is left to who reads all headers where it is %s", (text) => {
    assert.isUndefined(DataHeader.parse(text))
  })
})
