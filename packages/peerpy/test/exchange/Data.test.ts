import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Data from "../../src/exchange/Data.ts"
import { Closed, PayloadTooLarge } from "../../src/PeerPyError.ts"
import { arrivals } from "./Arrivals.ts"
import { cutBy, dice } from "./Pair.ts"
import { ascii, header, joined, textOf } from "./Raw.ts"

const terms: Data.Terms = { type: "bytes", strict: true, stream: false, extended: true }
const limit = 1_000_000

/** What is found, in words. */
const words = (changed: Partial<Data.Terms>, ...parts: ReadonlyArray<Uint8Array>) =>
  arrivals({ terms: { ...terms, ...changed }, parts, limit }).found.map((one) =>
    typeof one === "string" ? one : `${one.type} ${textOf(one.bytes)}`
  )

const message = (text: string, type = "bytes") =>
  joined([header(`DATA|data_size=${text.length}&data_type=${type}`), ascii(text)])
const large = (type: string, size: number) => header(`DATA|data_size=${size}&data_type=${type}`)

describe("payloads that are sent", () => {
  it.each<readonly [Data.Terms["type"], number]>([["json", 23], ["json", 0], ["raw", 2 ** 40]])(
    "of type %s and %i bytes have a header that says so, each time",
    (type, length) => {
      const text = `DATA|data_size=${length}&data_type=${type}`
      const [headers, after] = Data.announce({ ...terms, type }, Data.beginning(), [{ length }, { length }])
      assert.deepStrictEqual(headers, Result.succeed([text, text]))
      assert.isTrue(after.sent)
      const [again, unchanged] = Data.announce({ ...terms, type }, after, [{ length }])
      assert.deepStrictEqual(again, Result.succeed([text]))
      assert.strictEqual(unchanged, after)
    }
  )

  it("after the end are none", () => {
    const over = new Closed()
    const ended = Data.end(Data.beginning(), over)
    assert.strictEqual(Data.end(ended, new PayloadTooLarge({ size: 1, limit: 0 })).ended, over)
    const [headers, after] = Data.announce(terms, ended, [{ length: 1 }])
    assert.deepStrictEqual(headers, Result.fail(over))
    assert.strictEqual(after, ended)
  })
})

describe("what arrives", () => {
  it("is each payload behind its header, whatever is in it", () => {
    const texts = ["hello", "", textOf(header("PING")), textOf(message("inside")), "|".repeat(128)]
    assert.deepStrictEqual(words({}, ...texts.map((text) => message(text))), texts.map((text) => `bytes ${text}`))
  })

  it("may have probes between, which are no values", () => {
    const parts = [header("PING"), message("one"), header("PING"), header("PING"), message("two")]
    assert.deepStrictEqual(words({}, joined(parts)), ["Probe", "bytes one", "Probe", "Probe", "bytes two"])
  })

  it("is nothing as long as a byte is missing, of a header or of a payload", () => {
    const whole = message("hello")
    for (let at = 1; at < whole.length; at++) {
      assert.deepStrictEqual(words({}, whole.subarray(0, at)), [], `cut at ${at}`)
      assert.deepStrictEqual(words({}, whole.subarray(0, at), whole.subarray(at)), ["bytes hello"])
    }
  })

  it("is the same however the network cut it", () => {
    const parts = ["", "x", "PING", "hello".repeat(60)].flatMap((text) => [message(text), header("PING")])
    const whole = joined([...parts, large("bytes", 2 * limit)])
    const expected = words({}, whole)
    assert.strictEqual(expected.length, 9)
    for (let seed = 0; seed < 50; seed++) {
      const roll = dice(seed)
      assert.deepStrictEqual(words({}, ...cutBy(roll, whole, 1 + roll(400))), expected, `seed ${seed}`)
    }
  })

  it("of another type breaks a strict agreement, before its payload is there", () => {
    assert.deepStrictEqual(words({}, large("json", 900_000)), ["StrictViolation"])
  })

  it("of another type is taken as that where the agreement is not strict", () => {
    const parts = [message("{}", "json"), message("x"), message("N.", "raw")]
    assert.deepStrictEqual(words({ strict: false }, ...parts), ["json {}", "bytes x", "raw N."])
  })

  it.each([
    { text: "HELLO|peer_name=10.0.0.2:20000&data_type=json&strict=True", tag: "UnexpectedMessage" },
    { text: "ACCEPT", tag: "UnexpectedMessage" },
    { text: "DENY", tag: "UnexpectedMessage" },
    { text: "DATA", tag: "MalformedHeader" },
    { text: "DATA|data_size=5", tag: "MalformedHeader" },
    { text: "DATA|data_size=-5&data_type=bytes", tag: "MalformedHeader" },
    { text: "DATA|data_size=99999999999999999999&data_type=bytes", tag: "MalformedHeader" },
    { text: "DATA|data_size=5&data_type=picture", tag: "MalformedHeader" },
    { text: "GET / HTTP/1.1", tag: "MalformedHeader" },
    { text: "", tag: "MalformedHeader" }
  ])("is no more than $tag where a header is $text", ({ tag, text }) => {
    assert.deepStrictEqual(words({}, message("before"), header(text)), ["bytes before", tag])
  })

  it("and is too large to be held comes by and by where it is bytes, and is refused where it is not", () => {
    assert.deepStrictEqual(words({}, large("bytes", limit + 1)), ["Large"])
    assert.deepStrictEqual(words({ type: "json" }, large("json", limit + 1)), ["PayloadTooLarge"])
    assert.deepStrictEqual(words({ type: "raw" }, large("raw", 2 ** 53 - 1)), ["PayloadTooLarge"])
    assert.deepStrictEqual(words({}, large("bytes", limit)), [])
  })
})
