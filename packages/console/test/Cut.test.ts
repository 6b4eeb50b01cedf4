/** What comes from elsewhere, as a frame has it. */
import { assert, describe, it } from "@effect/vitest"
import * as Cut from "../src/Cut.ts"

describe("a JSON value", () => {
  it.each<readonly [name: string, value: unknown, shown: unknown, cut: boolean]>([
    ["that is short stays as it is", { a: [1, "x", null, true], b: {} }, { a: [1, "x", null, true], b: {} }, false],
    ["has large integers as text", [2n ** 64n], ["18446744073709551616"], false],
    ["keeps the lines of a text", "one\ntwo\u0007", "one\ntwo\uFFFD", false],
    ["leaves out what JSON has not", { a: undefined, b: NaN }, { b: "NaN" }, false],
    [
      "keeps a key that is special to JavaScript",
      JSON.parse("{\"__proto__\": 1}"),
      JSON.parse("{\"__proto__\": 1}"),
      false
    ],
    ["ends with the elements for which there is room", Array.from({ length: 20 }, () => "abc"), [
      "abc",
      "abc",
      "abc",
      "abc",
      "ab…"
    ], true],
    ["ends in the middle of a text", "x".repeat(50), `${"x".repeat(24)}…`, true],
    ["is cut between characters", "🙂".repeat(10), `${"🙂".repeat(6)}…`, true]
  ])("%s", (_, value, shown, cut) => {
    assert.deepStrictEqual(Cut.json(value, 24), { value: shown, cut })
  })

  it("is not followed into its depths", () => {
    let deep: unknown = "bottom"
    for (let depth = 0; depth < 5000; depth++) deep = [deep]
    const { cut, value } = Cut.json(deep)
    assert.isTrue(cut)
    assert.include(JSON.stringify(value), "…")
  })
})

describe("a text", () => {
  it("is one line, and no longer than its bytes", () => {
    assert.strictEqual(Cut.text("a\r\nb\u202Ec"), "a b\uFFFDc")
    assert.strictEqual(Cut.text("é".repeat(10), 7), "ééé…")
  })
})
