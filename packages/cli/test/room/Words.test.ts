/** Words of a line, and guesses. */
import { assert, it } from "@effect/vitest"
import { first, firstAndText, nearest } from "../../src/room/Words.ts"

for (
  const [text, word, rest] of [
    ["", "", ""],
    ["  ", "", ""],
    ["one", "one", ""],
    ["  one   two  three ", "one", "two  three "],
    ["\"two words\" rest", "two words", "rest"],
    ["\"open rest", "\"open", "rest"],
    ["one\ntwo", "one", "two"]
  ] as const
) {
  it(`takes the first word off ${JSON.stringify(text)}`, () => assert.deepStrictEqual(first(text), [word, rest]))
}

for (
  const [text, word, rest] of [
    ["", "", ""],
    ["  one", "one", ""],
    ["one two ", "one", "two "],
    ["one   two", "one", "  two"],
    ["one\n\n two", "one", "\n two"],
    ["\"two words\"  rest", "two words", " rest"]
  ] as const
) {
  it(`takes the first word and a blank off ${JSON.stringify(text)}`, () =>
    assert.deepStrictEqual(firstAndText(text), [word, rest]))
}

for (
  const [word, guess] of [
    ["/peers", "/peers"],
    ["/PEER", "/peers"],
    ["/pesre", "/peers"],
    ["/ot", "/to"],
    ["/xyz", undefined],
    ["/", undefined]
  ] as const
) {
  it(`guesses what ${word} was meant to be`, () => assert.strictEqual(nearest(word, ["/peers", "/to", "/exit"]), guess))
}
