/** Pasted text between its marks, as readline reads them, however the terminal's bytes were cut. */
import { assert, it } from "@effect/vitest"
import * as Readline from "node:readline"
import { PassThrough } from "node:stream"
import * as Paste from "../../src/room/Paste.ts"

type Read = string | { readonly pasted: string } | "TooLong"

/** What these reads come to, with keys as their text. */
const readAll = (chunks: ReadonlyArray<string>): ReadonlyArray<Read> => {
  const input = new PassThrough()
  Readline.emitKeypressEvents(input)
  let pasted: string | undefined
  const read: Array<Read> = []
  input.on("keypress", (text: string | undefined, key: Readline.Key) => {
    const [next, pieces] = Paste.press(pasted, { text, key })
    pasted = next
    for (const piece of pieces) {
      if (piece._tag === "Pasted") read.push({ pasted: piece.text })
      else if (piece._tag === "TooLong") read.push(piece._tag)
      else read.push(piece.key.name ?? piece.text ?? "")
    }
  })
  for (const chunk of chunks) input.emit("data", Buffer.from(chunk))
  return read
}

const between = (text: string) => `\u001B[200~${text}\u001B[201~`

const rows: ReadonlyArray<readonly [what: string, sent: string, ...read: ReadonlyArray<Read>]> = [
  ["keys", "ab\r\u001B[A\u001B[3~", "a", "b", "return", "up", "delete"],
  ["lines", `a${between("one\rtwo\r\n\nthree")}\r`, "a", { pasted: "one\ntwo\n\nthree" }, "return"],
  ["a last line end, which is none", between("one\r\n") + between("two\n\n"), { pasted: "one" }, { pasted: "two\n" }],
  ["blanks and tabs, which stay", between("  if x:\r\t  y  "), { pasted: "  if x:\n\t  y  " }],
  ["controls, which go", between("a\u0007\u0000\u001B[Ab\u009Bc\u007F\u001A"), { pasted: "abc" }],
  ["other line ends", between("a\u2028b\u2029c\u0085d"), { pasted: "a\nb\nc\nd" }],
  ["letters of more than one unit, and what is no character", between("é👍\uFDD0\u{1FFFF}"), {
    pasted: "é👍\uFFFD\uFFFD"
  }],
  ["a text without a second mark, until Ctrl-C", "\u001B[200~abc\u0003\r", { pasted: "abc" }, "c", "return"],
  ["a second mark alone", "a\u001B[201~b", "a", "b"]
]

for (const [what, sent, ...read] of rows) {
  it(`reads ${what}, cut at every character`, () => {
    assert.deepStrictEqual(readAll([sent]), read)
    assert.deepStrictEqual(readAll(Array.from(sent)), read)
  })
}

it("keeps nothing of a text that is too long", () => {
  const chunks = Array.from({ length: 17 }, () => "\r\n".repeat(2048))
  assert.deepStrictEqual(readAll(["\u001B[200~", ...chunks, "\u001B[201~x"]), ["TooLong", "x"])
})
