import { assert, describe, it } from "@effect/vitest"
import { Ascii } from "@peerage/wire"
import { Effect, Result, Schema } from "effect"
import * as Json from "../../src/codec/Json.ts"
import { bytesOf, vectors } from "../fixtures/Vectors.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const reasonOf = (result: Result.Result<unknown, { readonly _tag: string; readonly reason: string }>) =>
  Result.match(result, { onSuccess: () => "no failure", onFailure: ({ _tag, reason }) => `${_tag}: ${reason}` })

// What the applications of the originals sent and got, and what went over the wire for it.
const golden: ReadonlyArray<readonly [payload: string, value: Json.JsonValue]> = [
  ["{\"data\": \"Hello world\"}", "Hello world"],
  [
    "{\"data\": \"unicode \\u00e9 \\u2713 \\ud83d\\ude00 \\u0000 \\\"q\\\" \\\\ / \\n\"}",
    "unicode é ✓ 😀 \u0000 \"q\" \\ / \n"
  ],
  ["{\"data\": {\"b\": 1, \"a\": [1, 2, {\"c\": null}], \"\\u00e9\": \"\\u00fc\"}}", {
    b: 1,
    a: [1, 2, { c: null }],
    é: "ü"
  }],
  ["{\"data\": 0}", 0],
  ["{\"data\": -7}", -7],
  ["{\"data\": 12345678901234567890123}", 12345678901234567890123n],
  ["{\"data\": 1.5}", 1.5],
  ["{\"data\": 1e+100}", 1e100],
  ["{\"data\": 0.1}", 0.1],
  ["{\"data\": true}", true],
  ["{\"data\": false}", false],
  ["{\"data\": null}", null],
  ["{\"data\": []}", []],
  ["{\"data\": {}}", {}],
  ["{\"data\": \"\"}", ""],
  ["{\"data\": [1, [2, [3, [4]]]]}", [1, [2, [3, [4]]]]],
  ["{\"data\": Infinity}", Number.POSITIVE_INFINITY],
  ["{\"data\": -Infinity}", Number.NEGATIVE_INFINITY],
  ["{\"data\": [1, 2]}", [1, 2]],
  ["{\"data\": {\"1\": \"yes\", \"null\": \"none\", \"1.5\": \"f\"}}", { "1": "yes", null: "none", "1.5": "f" }],
  ["{\"data\": \"from bob\"}", "from bob"],
  ["{\"data\": \"after idle\"}", "after idle"]
]

/** The json payloads of all recorded connections. Some were cut off by a reset. */
const recorded = vectors.flatMap(({ connections }) => connections).flatMap(({ messages }) => messages ?? [])
  .filter(({ header, payload_hex }) => header?.includes("data_type=json") === true && (payload_hex ?? "") !== "")
  .map(({ payload_hex }) => bytesOf(payload_hex ?? ""))

const print = (value: unknown) => {
  const ascii = new Ascii.Ascii()
  return Result.map(Json.print(ascii, value), () => ascii.take())
}

describe("a json payload", () => {
  it.each(golden)("is written and read as the recorded %s", (payload, value) => {
    assert.deepStrictEqual(print(value), Result.succeed(bytes(payload)))
    assert.deepStrictEqual(Json.parse(bytes(payload)), Result.succeed(value))
  })

  it("is each of the recorded ones, read and written again to the byte", () => {
    assert.strictEqual(recorded.length, golden.length)
    for (const payload of recorded) {
      assert.deepStrictEqual(Result.flatMap(Json.parse(payload), print), Result.succeed(payload))
    }
  })

  it.each<readonly [text: string, value: Json.JsonValue]>([
    ["{\"data\":1}", 1],
    ["{\"data\":\"é ✓ 😀\"}", "é ✓ 😀"],
    [" {\r\n\t\"data\" : [ ] }\n", []],
    ["{\"d\\u0061ta\": 1}", 1],
    ["{\"more\": {\"data\": 2}, \"data\": 1, \"and\": []}", 1],
    ["{\"data\": 1, \"data\": null}", null],
    ["{\"data\": NaN}", Number.NaN],
    ["{\"data\":9007199254740993}", 9007199254740993n],
    ["{\"data\": {\"data\": {}}}", { data: {} }]
  ])("is read as another program writes it: %s", (text, value) => {
    assert.deepStrictEqual(Json.parse(bytes(text)), Result.succeed(value))
  })

  it("is NaN, bare, when written too", () => {
    assert.deepStrictEqual(print([Number.NaN, -0]), Result.succeed(bytes("{\"data\": [NaN, -0.0]}")))
  })
})

describe("what is no json payload", () => {
  it.each([
    ["not JSON", "", "{\"data\": 1", "{\"data\": 1}{\"data\": 1}", "{\"data\": undefined}", "{'data': 1}"],
    ["not JSON", "\ufeff{\"data\": 1}"],
    ["not an object with a key data", "1", "null", "\"data\"", "[]", "[{\"data\": 1}]", "{}", "{\"Data\": 1}"],
    ["not an object with a key data", "{\"__proto__\": {\"data\": 1}}"],
    ["nested deeper than 256 levels", `{"data": ${"[".repeat(256)}${"]".repeat(256)}}`],
    ["an integer of more than 4300 digits", `{"data": ${"1".repeat(4301)}}`]
  ])("is malformed, %s", (reason, ...texts) => {
    for (const text of texts) assert.strictEqual(reasonOf(Json.parse(bytes(text))), `MalformedMessage: ${reason}`, text)
  })

  it("is malformed where it is not UTF-8", () => {
    const latin = Uint8Array.from("{\"data\": \"é\"}", (character) => character.charCodeAt(0))
    assert.strictEqual(reasonOf(Json.parse(latin)), "MalformedMessage: not UTF-8")
  })

  it.each([
    [undefined, "JSON has no undefined"],
    [() => 1, "JSON has no function"],
    [new Uint8Array(1), "not a plain object"],
    [[new Map()], "not a plain object"],
    [10n ** 4300n, "an integer of more than 4300 digits"]
  ])("is a value that JSON has no words for: %#", (value, reason) => {
    assert.strictEqual(reasonOf(print(value)), `MalformedMessage: ${reason}`)
  })
})

describe("any json payload", () => {
  it.effect.prop(
    "is read back as it was written",
    { value: Schema.Json },
    ({ value }) =>
      Effect.sync(() =>
        assert.strictEqual(
          JSON.stringify(Result.getOrThrow(Result.flatMap(print(value), Json.parse))),
          JSON.stringify(value)
        )
      )
  )

  it.effect.prop(
    "is read or refused, but nothing throws, whatever a recorded one is changed to",
    { at: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 70 })), octets: Schema.Uint8Array },
    ({ at, octets }) =>
      Effect.sync(() => {
        assert.isTrue(Result.isResult(Json.parse(octets)))
        for (const payload of recorded) {
          const head = payload.subarray(0, at)
          assert.isTrue(Result.isResult(Json.parse(Uint8Array.of(...head, ...octets, ...payload.subarray(at + 1)))))
        }
      })
  )
})
