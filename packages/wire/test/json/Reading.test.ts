import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { PythonJson, Slices } from "@peerage/wire"
import { Effect, Result, Schema } from "effect"
import { read } from "../../src/json/Reading.ts"
import { Text } from "../../src/json/Text.ts"
import { bytes } from "../Testers.ts"

const slow = (text: string): unknown => Slices.finish(read(new Text(text, "json")))
const fast = (text: string): unknown => Result.getOrUndefined(Result.try((): unknown => JSON.parse(text)))

/** Slices of a reading, and its result. */
const sliced = (text: string, limits?: PythonJson.Limits) => {
  const work = PythonJson.parsing(bytes(text), "python", limits)
  let slices = 1
  let step = work.next()
  for (; step.done !== true; step = work.next()) slices++
  return { slices, result: Result.merge(Result.mapError(step.value, ({ reason }) => reason)) }
}

const unit = Schema.Literals([..."{}[]\",:\\u0019eE+-.tnfalsr \n\t\u00e9\ud83d\ude00"])

describe("reading in slices", () => {
  it.effect.prop(
    "reads what JSON.parse reads",
    { value: Schema.Json, space: Schema.Literals([0, 1]) },
    ({ space, value }) =>
      Effect.sync(() => {
        const text = JSON.stringify(value, null, space)
        assert.deepStrictEqual(slow(text), fast(text))
        assert.strictEqual(JSON.stringify(slow(text)), JSON.stringify(fast(text)))
      }),
    Property.tries(200)
  )

  it.effect.prop(
    "refuses what JSON.parse refuses",
    { value: Schema.Json, at: Schema.Natural, cut: Schema.Literals([0, 1, 2]), put: unit },
    ({ at, cut, put, value }) =>
      Effect.sync(() => {
        const text = JSON.stringify(value)
        const from = at % (text.length + 1)
        const other = `${text.slice(0, from)}${put}${text.slice(from + cut)}`
        assert.deepStrictEqual(slow(other), fast(other), other)
      }),
    Property.tries(500)
  )

  it.each([
    ..."-0|-|01|1.|.5|1e|1e+5|1E-7|0x1|1 2|tru|truee|null|nul|NaN|[,]|[1,]|{,}|{\"a\"}|{\"a\":}|{\"a\":1,}|{1:1}|]|}|{]|[}"
      .split("|"),
    ..."[[]]|[{}]|{\"a\":[]}|{\"a\":1,\"a\":2}|{\"__proto__\":[1]}|\"\\|\"\\u12|\"\\u12\"|\"\\x\"|\"a\nb\"|\"\\\"\"|\"\\\\\"|\"|"
      .split("|"),
    "\"\\ud83d\"",
    "{\"\\s\"\\u0000\":1}",
    "[\"\\s\",\"a\"]",
    `"${"\\u00e9".repeat(50_000)}"`,
    `"${"a".repeat(65_535)}\\\\${"\\\"".repeat(60_000)}\ud83d\ude00"`,
    `"${"a".repeat(65_536)}`,
    `"${"a".repeat(65_536)}\n"`
  ])("reads or refuses %.40s as JSON.parse does", (text) => {
    assert.deepStrictEqual(slow(text), fast(text))
  })

  it("goes over no more than so many values, and so much text, in each slice", () => {
    const many = sliced(`[${"{},".repeat(100_000)}1]`)
    assert.isAtLeast(many.slices, 100_000 / 4096)
    assert.isArray(many.result)
    const long = sliced(JSON.stringify("é\n".repeat(1_000_000)))
    assert.isAtLeast(long.slices, 3_000_000 / 262_144)
    assert.strictEqual(long.result, "é\n".repeat(1_000_000))
  })

  it("counts values, not brackets and not what is in strings", () => {
    const limits = { depth: 10, values: 4 }
    for (const text of ["[1, 2, 3]", "{\"a\": 1, \"b\": [ ], \"c\": {\n}}", "[[[1]]]", "[\"1,2,[3,4,5\", [], {}]"]) {
      assert.deepStrictEqual(sliced(text, limits).result, fast(text))
      assert.strictEqual(sliced(text, { ...limits, values: 3 }).result, "more than 3 values")
    }
    assert.strictEqual(sliced("[[[1]]]", { ...limits, depth: 2 }).result, "nested deeper than 2 levels")
    const atOnce = PythonJson.parse(bytes("[1, 2, 3, 4]"), "json", limits)
    assert.strictEqual(Result.isFailure(atOnce) && atOnce.failure.reason, "more than 4 values")
  })

  it("is done before it begins to build where there are too many values", () => {
    const { result, slices } = sliced(`[${"{},".repeat(1_000_000)}1]`)
    assert.deepStrictEqual([slices, result], [2, "more than 150000 values"])
  })
})
