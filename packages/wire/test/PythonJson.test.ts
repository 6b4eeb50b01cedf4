import { assert, describe, it } from "@effect/vitest"
import { PythonJson } from "@peerage/wire"
import { Effect, Result, Schema } from "effect"
import { bytes, textOf } from "./Testers.ts"

const printed = (value: unknown) => Result.map(PythonJson.print(value), textOf)
const refusal = (value: unknown) => Result.merge(Result.mapError(printed(value), (error) => error.reason))
const complaint = (wire: Uint8Array) => Result.merge(Result.mapError(PythonJson.parse(wire), (error) => error.reason))

/** What json.dumps of Python 3.11 prints: no two of these values are one in JavaScript, so each is what it reads as. */
const dumps = [
  ..."-0.0 1.5 -2.5 0.1 0.30000000000000004 0.3333333333333333 100.25 4.35 123456789.125 0.0001 0.0001234".split(" "),
  ..."1e-05 -1e-05 1.25e-05 1e-06 1e-07 1.5e-07 1e-10 5e-324 2.2250738585072014e-308 1e+100 -1e+100".split(" "),
  ..."1.7976931348623157e+308 1.5e+300 1000000000000000.5 9007199254740992.0 -9007199254740992.0".split(" "),
  ..."9999999999999998.0 1e+16 1.2345678901234568e+16 1e+20 1.2345678901234568e+20 1e+21 1.5e+21".split(" "),
  ..."1.152921504606847e+18 0 -1 42 9007199254740991 -9007199254740991 null true false [] {} \"\" \"\u007f\"".split(
    " "
  ),
  ...String.raw`"plain"
    "quote \" back \\ slash /"
    "\n\t\r\b\f"
    "\u0000\u0001\u001f"
    "\u0080\u009f\u00a0"
    "\u00e9 \u00fc \u00df"
    "\u2713 \u20ac"
    "\ud83d\ude00"
    "\ud83d"
    "\ude00\ud83d"
    "\u2028\u2029"
    "\uffff"
    "{[}]:,"
    [1, [2, []], {}]
    {"a": null, "b": true, "c": false, "d": [1.5, {"\u00e9": "x"}]}
    {"": ""}
    {"to": "Broadcast", "from": ["127.0.0.1", 1]}`.split(/\n */)
]

describe("print", () => {
  it.each(dumps)("writes %s as Python does", (text) => {
    assert.deepStrictEqual(printed(JSON.parse(text)), Result.succeed(text))
  })

  it.each([
    [Number.NaN, "JSON has no NaN and no Infinity"],
    [Number.NEGATIVE_INFINITY, "JSON has no NaN and no Infinity"],
    [undefined, "JSON has no undefined"],
    [{ data: undefined }, "JSON has no undefined"],
    [[() => 1], "JSON has no function"],
    [Symbol.iterator, "JSON has no symbol"],
    [10n, "JSON has no bigint"],
    [new Map(), "not a plain object"],
    [{ data: new Uint8Array(1) }, "not a plain object"]
  ])("refuses %o", (value, reason) => {
    assert.strictEqual(refusal(value), reason)
  })

  it("refuses a cycle instead of running out of stack", () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    assert.strictEqual(refusal(cycle), "nested deeper than 128 levels")
  })

  it("writes 128 levels and no more", () => {
    const nested = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inside) => [inside], 1)
    assert.isTrue(Result.isSuccess(printed(nested(128))))
    assert.isTrue(Result.isFailure(printed(nested(129))))
  })

  it("writes a __proto__ key like any other", () => {
    const hostile: unknown = JSON.parse("{\"__proto__\": {\"banned\": false}}")
    assert.deepStrictEqual(printed(hostile), Result.succeed("{\"__proto__\": {\"banned\": false}}"))
  })

  it.effect.prop(
    "is read back by parse as the same value, negative zero aside",
    { value: Schema.Json },
    ({ value }) =>
      Effect.gen(function*() {
        const wire = yield* Effect.fromResult(PythonJson.print(value))
        const again = yield* Effect.fromResult(PythonJson.parse(wire))
        assert.strictEqual(JSON.stringify(again), JSON.stringify(value))
      })
  )

  it.effect.prop(
    "is what JSON.parse reads as the same number",
    { value: Schema.Finite },
    ({ value }) =>
      Effect.gen(function*() {
        assert.isTrue(Object.is(JSON.parse(yield* Effect.fromResult(printed(value))), value))
      })
  )

  it.effect.prop("writes any string in ASCII", { value: Schema.String }, ({ value }) =>
    Effect.gen(function*() {
      const wire = yield* Effect.fromResult(PythonJson.print(value))
      assert.isTrue(wire.every((byte) => byte < 0x80))
      assert.strictEqual(yield* Effect.fromResult(PythonJson.parse(wire)), value)
    }))
})

describe("parse", () => {
  it.each([
    ["{\"a\":1}", { a: 1 }],
    [" \t\r\n{\"a\" : [ 1.0, 1e2 ]} \n", { a: [1, 100] }],
    ["\"NaN and é unescaped\"", "NaN and é unescaped"],
    ["\"\\ud83d\"", "\ud83d"]
  ])("reads %s", (text, value) => {
    assert.deepStrictEqual(PythonJson.parse(bytes(text)), Result.succeed(value))
  })

  it.each([
    ["NaN", "JSON has no NaN and no Infinity"],
    ["{\"a\": -Infinity}", "JSON has no NaN and no Infinity"],
    ["{\"NaN\": }", "not JSON"],
    ["", "not JSON"],
    ["{\"a\": 1}{\"a\": 1}", "not JSON"],
    ["{\"a\": \"half", "not JSON"],
    ["notbanned", "not JSON"],
    ["\ufeff{}", "not JSON"],
    [`${"[".repeat(257)}${"]".repeat(257)}`, "nested deeper than 256 levels"],
    ["[".repeat(1_000_000), "nested deeper than 256 levels"]
  ])("refuses %#: %.20s", (text, reason) => {
    assert.strictEqual(complaint(bytes(text)), reason)
  })

  it.each([
    ["a stray byte", [0x22, 0xff, 0x22]],
    ["an overlong slash", [0x22, 0xc0, 0xaf, 0x22]],
    ["a surrogate", [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ["half a character", [0x22, 0xe2, 0x9c]],
    ["a pickle", [0x80, 0x04, 0x95]]
  ])("refuses %s as not UTF-8", (_, wire) => {
    assert.strictEqual(complaint(Uint8Array.from(wire)), "not UTF-8")
  })

  it("reads brackets inside strings as text, however many", () => {
    const text = "[".repeat(1000)
    assert.deepStrictEqual(PythonJson.parse(bytes(JSON.stringify(text))), Result.succeed(text))
  })

  it("gives a __proto__ key as a plain key that changes no prototype", () => {
    const parsed = Result.getOrUndefined(PythonJson.parse(bytes("{\"__proto__\": {\"banned\": false}}")))
    if (typeof parsed !== "object" || parsed === null) return assert.fail("no object")
    assert.deepStrictEqual(Object.keys(parsed), ["__proto__"])
    assert.strictEqual(Object.getPrototypeOf(parsed), Object.prototype)
  })

  it.effect.prop(
    "never throws, whatever it is given",
    { wire: Schema.Uint8Array },
    ({ wire }) => Effect.sync(() => assert.isTrue(Result.isResult(PythonJson.parse(wire))))
  )
})
