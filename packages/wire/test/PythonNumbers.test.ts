import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { PythonJson } from "@peerage/wire"
import { Effect, Result, Schema } from "effect"
import { bytes, textOf } from "./Testers.ts"

const read = (text: string) => PythonJson.parse(bytes(text), "python")
const written = (value: unknown) => Result.map(PythonJson.print(value, "python"), textOf)
const again = (value: unknown) => Result.flatMap(written(value), read)
const complaint = (result: Result.Result<unknown, { readonly reason: string }>) =>
  Result.merge(Result.mapError(result, ({ reason }) => reason))

const digits = (count: number) => "1".padEnd(count, "0")
const tooMany = "an integer of more than 4300 digits"

describe("a long integer", () => {
  it("is a bigint wherever it stands, and beside any number of digits", () => {
    for (let before = 0; before < 40; before++) {
      const text = `[${"1,".repeat(before)}9007199254740993, 123456789012345]`
      const values = [...Array.from({ length: before }, () => 1), 9007199254740993n, 123456789012345]
      assert.deepStrictEqual(read(text), Result.succeed(values))
    }
  })
})

const doubles = `0 -7 9007199254740991 -9007199254740991 NaN Infinity -Infinity 1.5 -0.0 1e+100 1e-07 0.1234567890123456
  1234567890123456.5 9007199254740992.0 1.2345678901234568e+16`
const integers = `9007199254740992 9007199254740993 -9007199254740993 12345678901234567890123
  -170141183460469231731687303715884105728 ${digits(4300)} -${digits(4300)}`

// What Python 3.11 writes for each value, and reads as it.
const numbers: ReadonlyArray<readonly [text: string, value: number | bigint]> = [
  ...doubles.split(/\s+/).map((text) => [text, Number(text)] as const),
  ...integers.split(/\s+/).map((text) => [text, BigInt(text)] as const)
]

describe("a number of Python's", () => {
  it.each(numbers)("is written as %.40s and read as the same", (text, value) => {
    assert.deepStrictEqual(written(value), Result.succeed(text))
    assert.deepStrictEqual(read(text), Result.succeed(value))
    assert.deepStrictEqual(read(`[${text}]`), Result.succeed([value]))
    assert.deepStrictEqual(read(`{"a":${text}}`), Result.succeed({ a: value }))
  })

  it.each(numbers)("is a number in lists and objects, and text in quotes: %.40s", (text, value) => {
    const around = `{"${text}": [${text}, "${text}", {"a": ${text}}, ${text}], "\\"": "\\\\", "i": "${text}", "n": 0}`
    const inside = { [text]: [value, text, { a: value }, value], "\"": "\\", i: text, n: 0 }
    assert.deepStrictEqual(read(around), Result.succeed(inside))
    assert.deepStrictEqual(read(around.replaceAll(" ", "\n")), Result.succeed(inside))
    assert.deepStrictEqual(read(around.replaceAll(" ", "")), Result.succeed(inside))
    assert.deepStrictEqual(again(inside), Result.succeed(inside))
  })

  it.each(numbers)("is exact among JSON's numbers, which have no NaN and no infinities: %.40s", (text, value) => {
    const exact = PythonJson.parse(bytes(`[${text}, "${text}", 0e0]`), "exact")
    const again = Result.map(PythonJson.print([value, text, 0], "exact"), textOf)
    const isJson = typeof value === "bigint" || Number.isFinite(value)
    const refused = "JSON has no NaN and no Infinity"
    assert.deepStrictEqual(isJson ? exact : complaint(exact), isJson ? Result.succeed([value, text, 0]) : refused)
    assert.deepStrictEqual(
      isJson ? again : complaint(again),
      isJson ? Result.succeed(`[${text}, "${text}", 0]`) : refused
    )
  })

  it("is one with an exponent or a fraction as a double, however many digits it has", () => {
    assert.deepStrictEqual(
      read("[12345678901234567890e0, 12345678901234567890.0, 1E400, -1e400, 1e-400, NaN]"),
      Result.succeed([12345678901234567000, 12345678901234567000, Infinity, -Infinity, 0, NaN])
    )
  })

  it("is no NaN where it is a zero with an exponent, nor text that reads like one", () => {
    assert.deepStrictEqual(
      read("[0e0, NaN, -0e0, {\"0e0\": 0e0}, \"0e0\", 0E0]"),
      Result.succeed([0, NaN, -0, { "0e0": 0 }, "0e0", 0])
    )
  })

  it("is a bigint when written, and comes back as a number where one holds it", () => {
    assert.deepStrictEqual(written([5n, -5n, 0n, 2n ** 53n]), Result.succeed("[5, -5, 0, 9007199254740992]"))
    assert.deepStrictEqual(read("[5, -5, 0, 9007199254740992]"), Result.succeed([5, -5, 0, 2n ** 53n]))
  })
})

describe("what is no number of Python's", () => {
  const texts = [
    ..."nan|-NaN|+Infinity|inf|- Infinity|NaN1|1NaN|NaNNaN|NaN Infinity|[NaN NaN]|[NaN\"a\"]|[\"a\"NaN]|[NaN[]]".split(
      "|"
    ),
    ..."[NaN, ]|{NaN: 1}|{Infinity: 1}|{9007199254740993: 1}|{\"a\": NaN|{\"a\" NaN}|NaN}|\"NaN|\"NaN\\".split("|"),
    ..."\"NaN\\\"|\"NaN\n\"|\"NaN\\x\"|NaN\u00a0|09007199254740993|-09007199254740993|+9007199254740993".split("|"),
    ..."--9007199254740993|9007199254740993-|9007199254740993.|9007199254740993n|9_007_199_254_740_993".split("|"),
    ..."[9007199254740993 9007199254740993]|9007199254740993\u0000|{\"n\": 0, NaN}|{\"i\": NaN, \"i\"}".split("|")
  ]

  it.each(texts)("is refused: %j", (text) => {
    assert.strictEqual(complaint(read(text)), "not JSON")
    assert.strictEqual(complaint(read(`[NaN, ${text}]`)), "not JSON")
  })

  it("is an integer of more than 4300 digits, as Python reads none either", () => {
    assert.strictEqual(complaint(read(digits(4301))), tooMany)
    assert.strictEqual(complaint(read(`[NaN, {"a": -${digits(100_000)}}]`)), tooMany)
    assert.strictEqual(complaint(written(10n ** 4300n)), tooMany)
    assert.strictEqual(complaint(written([-(10n ** 4300n)])), tooMany)
    assert.deepStrictEqual(read(`"${digits(100_000)}"`), Result.succeed(digits(100_000)))
  })

  it.each([
    [undefined, "JSON has no undefined"],
    [new Map(), "not a plain object"]
  ])("is what JSON has no words for either: %o", (value, reason) => {
    assert.strictEqual(complaint(written([value])), reason)
  })

  it("is what is nested too deep", () => {
    assert.strictEqual(complaint(read(`${"[".repeat(257)}NaN${"]".repeat(257)}`)), "nested deeper than 256 levels")
    assert.strictEqual(complaint(read("[NaN,".repeat(100_000))), "nested deeper than 256 levels")
  })
})

describe("what surrounds a number of Python's", () => {
  it("keeps its keys, a __proto__ among them, which changes no prototype", () => {
    const parsed = Result.getOrUndefined(read("{\"__proto__\": {\"a\": NaN}, \"2\": 1, \"1\": 2, \"\": \"\"}"))
    if (typeof parsed !== "object" || parsed === null) return assert.fail("no object")
    assert.deepStrictEqual(Object.keys(parsed), ["1", "2", "__proto__", ""])
    assert.strictEqual(Object.getPrototypeOf(parsed), Object.prototype)
  })

  it("keeps the last of two equal keys", () => {
    assert.deepStrictEqual(read("{\"a\": 1, \"a\": NaN, \"b\": NaN, \"b\": 2}"), Result.succeed({ a: NaN, b: 2 }))
  })

  it("keeps characters of every kind", () => {
    assert.deepStrictEqual(
      read("[\"\\u00e9 ✓ 😀 \\ud83d \\\\\\\" \\/\", NaN, true, false, null, [], {}, \"\"]"),
      Result.succeed(["é ✓ 😀 \ud83d \\\" /", NaN, true, false, null, [], {}, ""])
    )
  })
})

const Numeric = Schema.Union([Schema.Finite, Schema.BigInt])
const Tree = Schema.Array(
  Schema.Union([Numeric, Schema.String, Schema.Null, Schema.Boolean, Schema.Record(Schema.String, Numeric)])
)

/** The same value with other leaves. */
const mapped = (value: unknown, leaf: (value: unknown) => unknown): unknown => {
  if (Array.isArray(value)) return value.map((member) => mapped(member, leaf))
  if (typeof value !== "object" || value === null) return leaf(value)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapped(member, leaf)]))
}

/** What comes back: bigints that a double holds exactly do as a number. */
const expected = (value: unknown) =>
  mapped(value, (leaf) => typeof leaf === "bigint" && Number.isSafeInteger(Number(leaf)) ? Number(leaf) : leaf)

/** What JSON.parse gave, with the integers that it was too coarse for as they were written. */
const exact = (value: unknown) =>
  mapped(
    value,
    (leaf) =>
      typeof leaf === "number" && !Number.isSafeInteger(leaf) && /^-?\d+$/.test(String(leaf))
        ? BigInt(String(leaf))
        : leaf
  )

describe("any value with Python's numbers", () => {
  it.effect.prop("is read back as what was written", { value: Tree }, ({ value }) =>
    Effect.sync(() => {
      for (const whole of [value, [NaN, value, { a: Infinity, b: [-Infinity, value] }]]) {
        assert.deepStrictEqual<unknown>(again(whole), Result.succeed(expected(whole)))
      }
    }))

  it.effect.prop(
    "is what JSON.parse makes of it, but for integers beyond the safe ones, which are exact",
    { value: Schema.Json },
    ({ value }) =>
      Effect.gen(function*() {
        const text = JSON.stringify(value)
        const beside = yield* Effect.fromResult(read(`[${text}, NaN, ${text}]`))
        const alone = exact(JSON.parse(text))
        assert.deepStrictEqual<unknown>(beside, [alone, NaN, alone])
      })
  )

  it.effect.prop(
    "is refused or read, but nothing throws, whatever comes",
    { pieces: Schema.Array(Schema.Literals("NaN|-Infinity|9007199254740993|\"|\\|{|}|[|]|:|,| |-|é".split("|"))) },
    ({ pieces }) => Effect.sync(() => assert.isTrue(Result.isResult(read(pieces.join(""))))),
    Property.tries(50)
  )
})

describe("JSON's numbers", () => {
  it("stay doubles where Python's are not asked for", () => {
    assert.deepStrictEqual(
      PythonJson.parse(bytes("[9007199254740993, 12345678901234567890123]")),
      Result.succeed([9007199254740992, 12345678901234568000000])
    )
  })
})
