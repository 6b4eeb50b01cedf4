/** Nothing from elsewhere controls a terminal or breaks a line of JSON. */
import { assert, it } from "@effect/vitest"
import { json, printable } from "../src/Printable.ts"

const table: ReadonlyArray<readonly [from: string, to: string]> = [
  ["plain ünïcödé 日本 🙂", "plain ünïcödé 日本 🙂"],
  ["a\u001B[31mb", "a\uFFFD[31mb"],
  ["a\u009B31mb", "a\uFFFD31mb"],
  ["a\r\nb\tc\u2028d", "a b c d"],
  ["\u202Eevil\u2066", "\uFFFDevil\uFFFD"],
  ["bell\u0007 del\u007F", "bell\uFFFD del\uFFFD"],
  ["zero\u200Bwidth\uFEFF", "zerowidth"],
  ["\u{E0041}tag", "\uFFFDtag"]
]

for (const [from, to] of table) {
  it(`prints ${JSON.stringify(from)} without its controls`, () => assert.strictEqual(printable(from), to))
}

it("escapes them in JSON, which reads back as it was", () => {
  for (const [from] of table) {
    const line = json({ data: from })
    assert.notMatch(line, /[\p{C}\u2028]/u)
    assert.deepStrictEqual(JSON.parse(line), { data: from })
  }
})
