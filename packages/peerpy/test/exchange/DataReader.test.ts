import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import * as Data from "../../src/exchange/Data.ts"
import * as DataReader from "../../src/exchange/DataReader.ts"
import { Closed } from "../../src/PeerPyError.ts"
import { cutBy, dice, pair, settle, test } from "./Pair.ts"
import { ascii, header, joined } from "./Raw.ts"

const terms: Data.Terms = { type: "json", strict: false, stream: false, extended: true }
const message = (text: string, type = "json") =>
  joined([header(`DATA|data_size=${ascii(text).length}&data_type=${type}`), ascii(text)])
const json = (value: unknown) => message(`{"data": ${JSON.stringify(value)}}`)

/** Everything that is taken of parts that arrive one after the other. */
const taken = Effect.fnUntraced(function*(
  changed: Partial<Data.Terms>,
  parts: ReadonlyArray<Uint8Array>,
  before = Data.beginning()
) {
  const { link: { reader }, raw } = yield* pair
  const all: Array<DataReader.Taken> = []
  let progress = before
  for (const part of parts) {
    raw.write(part)
    yield* settle
    yield* reader.more()
    const agreement = { terms: { ...terms, ...changed }, limit: 1000, idle: false }
    const [found, after] = DataReader.takeAll(reader, agreement, progress)
    all.push(found)
    progress = after
  }
  return { all, reader, values: all.flatMap(({ values }) => values.map(({ value }) => value)) }
})

describe("a reader of data", () => {
  test("takes all values that have arrived whole, of every type, however they were cut", function*() {
    const odd = [header("PING"), message("x", "bytes"), json("é"), message("N.", "raw"), header("PING")]
    const whole = joined([...[1, 2, 3].map(json), ...odd, ...[4, 5].map(json), ...odd, json(6), ...odd, json(7)])
    const values = [Uint8Array.of(0x78), "é", null]
    const expected = [1, 2, 3, ...values, 4, 5, ...values, 6, ...values, 7]
    for (let seed = 0; seed < 10; seed++) {
      const roll = dice(seed)
      const parts = seed === 0 ? [whole] : cutBy(roll, whole, 1 + roll(900))
      assert.deepStrictEqual((yield* taken({}, parts)).values, expected, `seed ${seed}`)
    }
  })

  test("gives bytes that keep little else in memory", function*() {
    const { values } = yield* taken({ type: "bytes" }, [joined([message("abc", "bytes"), new Uint8Array(500)])])
    assert.deepStrictEqual(values, [ascii("abc")])
    for (const value of values) if (value instanceof Uint8Array) assert.strictEqual(value.buffer.byteLength, 3)
  })

  test("says what it comes to behind the values: a payload that is not held, and what cannot be read", function*() {
    const large = yield* taken({}, [joined([json(1), header("DATA|data_size=1001&data_type=bytes"), ascii("rest")])])
    assert.deepStrictEqual(large.all, [{ values: [{ type: "json", value: 1 }], probed: false, large: 1001 }])
    assert.strictEqual(large.reader.available(), 4)
    for (const [odd, tag] of [["DENY", "UnexpectedMessage"], ["x", "MalformedHeader"]] as const) {
      const { all: [broken] } = yield* taken({}, [joined([json(1), header(odd), json(2)])])
      assert.deepStrictEqual([broken?.values.length, broken?.ended?._tag], [1, tag])
    }
    const { all: [unreadable] } = yield* taken({}, [joined([json(1), message("[1]"), json(2)])])
    assert.deepStrictEqual([unreadable?.values.length, unreadable?.ended?._tag], [1, "UnreadableValue"])
  })

  test("counts a probe only behind the header of a stream", function*() {
    const stream = { stream: true, extended: false }
    const { all } = yield* taken(stream, [header("PING"), message("{\"data\": 0}"), header("PING")])
    assert.deepStrictEqual(all.map(({ probed }) => probed), [false, false, true])
  })

  test("takes nothing after the end", function*() {
    const over = new Closed()
    const { all, reader } = yield* taken({}, [json(1)], Data.end(Data.beginning(), over))
    assert.deepStrictEqual(all, [{ values: [], probed: false, ended: over }])
    assert.strictEqual(reader.available(), json(1).length)
  })

  test("reads frames of a stream of json one by one", function*() {
    const frame = ascii("{\"data\": 1}")
    const { values } = yield* taken({ stream: true }, [joined([message("{\"data\": 0}"), frame, frame])])
    assert.deepStrictEqual(values, [0, 1, 1])
  })
})
