import { assert, describe, it } from "@effect/vitest"
import * as Batch from "../../src/exchange/Batch.ts"
import { ascii, header, joined } from "./Raw.ts"

const payload = (text: string) => joined([header(`DATA|data_size=${ascii(text).length}&data_type=json`), ascii(text)])
const message = (value: unknown) => payload(`{"data": ${JSON.stringify(value)}}`)
const read = (...parts: ReadonlyArray<Uint8Array>) => {
  const { length, values } = Batch.read(joined(parts), 1000)
  return { length, values: values.map(({ value }) => value) }
}

describe("many small messages", () => {
  it("are read at once, as far as they have arrived whole", () => {
    const whole = [message(1), message("two"), message([3])]
    assert.deepStrictEqual(read(...whole, message(4).subarray(0, -1)), {
      values: [1, "two", [3]],
      length: joined(whole).length
    })
  })

  it.each<readonly [what: string, odd: Uint8Array]>([
    ["a probe", header("PING")],
    ["a header in another form", joined([header("DATA|data_type=json&data_size=11"), ascii("{\"data\": 7}")])],
    ["a size with a zero in front", joined([header("DATA|data_size=011&data_type=json"), ascii("{\"data\": 7}")])],
    ["another type", header("DATA|data_size=1&data_type=bytes")],
    ["too large a payload", payload(`{"data": "${"x".repeat(1000)}"}`)],
    ["what is no json", payload("{\"data\": ")],
    ["what is no envelope", payload("[1, 2, 3, 4]")],
    ["a size without end", ascii("DATA|data_size=9".padEnd(200, "9"))],
    ["nothing like a header", ascii("x".repeat(500))]
  ])("are read up to %s, which is left", (_, odd) => {
    assert.deepStrictEqual(read(message(1), message(2), odd, message(3)), {
      values: [1, 2],
      length: 2 * message(1).length
    })
  })

  it.each<readonly [what: string, odd: Uint8Array]>([
    ["text that is not ASCII", ascii("é")],
    ["bytes that are no text", Uint8Array.of(0xff)],
    ["a character that is cut off", ascii("é").subarray(0, 1)]
  ])("are left where there is %s among them", (_, odd) => {
    assert.deepStrictEqual(read(message(1), message(2), odd), { values: [], length: 0 })
  })
})
