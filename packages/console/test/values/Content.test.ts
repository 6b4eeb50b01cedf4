/** What is typed, as values for each kind of connection. */
import { assert, it } from "@effect/vitest"
import type { DataType } from "@peerage/peerpy"
import { identity, Result } from "effect"
import { type Content, parseHex, parseJson, shown, valueFor } from "../../src/values/Content.ts"

const text: Content = { _tag: "Text", text: "é" }
const bytes: Content = { _tag: "Bytes", bytes: Uint8Array.of(0, 255) }
const json = (typed: string): Content => ({ _tag: "Json", value: Result.getOrElse(parseJson(typed), () => "not JSON") })

const values: ReadonlyArray<readonly [type: DataType.DataType, content: Content, value: unknown]> = [
  ["json", text, "é"],
  ["bytes", text, Uint8Array.of(0xc3, 0xa9)],
  ["raw", text, "é"],
  ["bytes", bytes, Uint8Array.of(0, 255)],
  ["raw", bytes, Uint8Array.of(0, 255)],
  ["json", json("{\"a\": [1, 1.0, null]}"), { a: [1n, 1, null] }],
  ["raw", json("{\"a\": [1, 1.0, 1e2, true, null, \"s\"]}"), new Map([["a", [1n, 1, 100, true, null, "s"]]])],
  ["raw", json("[{}, [], 12345678901234567890, -0]"), [new Map(), [], 12345678901234567890n, 0n]]
]

for (const [type, content, value] of values) {
  it(`is ${JSON.stringify(shown(content))} on a connection for ${type}`, () => {
    assert.deepStrictEqual(Result.getOrUndefined(valueFor(type, content)), value)
  })
}

for (const [type, content, problem] of [["json", bytes, /no bytes/], ["bytes", json("1"), /\/hex/]] as const) {
  it(`has no ${content._tag} on a connection for ${type}`, () => {
    const value = valueFor(type, content)
    assert.match(Result.isFailure(value) ? value.failure : "", problem)
  })
}

const problemOf = (typed: string) => Result.match(parseJson(typed), { onFailure: identity, onSuccess: () => "none" })

for (const typed of ["", "{", "NaN", "1 2", "'a'", "01"]) {
  it(`does not take ${typed} for JSON`, () => assert.strictEqual(problemOf(typed), "not JSON"))
}

it("takes JSON as deep as Python writes it, and says of other that it is nested too deep, however deep it is", () => {
  const nested = (levels: number) => problemOf("[".repeat(levels) + "]".repeat(levels))
  assert.strictEqual(nested(900), "none")
  assert.strictEqual(nested(901), "nested deeper than 900 levels")
  assert.strictEqual(nested(1_000_000), "nested deeper than 900 levels")
})

for (
  const [typed, read] of [
    ["00ff", [0, 255]],
    ["00 FF  a0", [0, 255, 160]],
    ["0", undefined],
    ["0g", undefined],
    ["", undefined],
    ["hello", undefined]
  ] as const
) {
  it(`reads "${typed}" as bytes`, () => {
    assert.deepStrictEqual(parseHex(typed), read === undefined ? undefined : Uint8Array.from(read))
  })
}

it("shows an integer that JSON has no number for as text, and bytes as base64", () => {
  assert.deepStrictEqual(shown(json("[9007199254740993, 1]")), ["9007199254740993", 1])
  assert.deepStrictEqual(shown(bytes), { base64: "AP8=" })
})
