import { assert, describe, it } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { Property } from "@peerage/testing"
import { Schema } from "effect"

const safe: ReadonlyArray<string> = [
  ["a", "song.txt", "with blanks in it.txt", "a.tar.gz", "a..b", "~", "-rf", "$(id).txt"],
  ["100%.txt", "comma,name.txt", "naïve café.txt", "歌.txt", "песня.mp3", "🎵.mp3"],
  ["👩\u200d🎤.png", "می\u200cخواهم.txt", "console.log", "com", "com10.txt", "lpt.txt"],
  ["nul-values.csv", "auxiliary.txt", "x".repeat(255), "é".repeat(127)]
].flat()

const unsafe: ReadonlyArray<readonly [what: string, names: ReadonlyArray<string>]> = [
  ["nothing", [""]],
  ["the directory itself or the one above", [".", "..", "../a", "a/..", "..\\a"]],
  ["a path", ["/etc/passwd", "a/b", "a/", "C:\\a", "a\\b", "\\\\host\\share"]],
  ["a hidden file", [".profile", "..a", "...", ".pyrate-a"]],
  ["a name that some systems cut", ["a.", "a..", "a ", "a. ", " a", " "]],
  ["a colon, which ends a field or names a stream", ["a:b", ":", "C:", "a.txt:stream", "a.txt::$DATA"]],
  ["a NUL", ["a\0", "\0", "a.txt\0.jpg"]],
  ["a control character", ["a\n", "a\nb", "a\r", "a\t", "\u001b[2Ja", "a\u007f", "a\u0085", "a\u009b"]],
  ["a line separator", ["a\u2028b", "a\u2029b"]],
  ["a character that turns text around or cannot be seen", [
    "a\u202egpj.exe",
    "a\u200fb",
    "a\u200bb",
    "\ufeffa",
    "a\u00adb"
  ]],
  ["half a surrogate pair", ["\ud800", "a\udfff.txt", "\udc00\ud800"]],
  ["a code point that means nothing to others", ["a\ue000", "a\uffff", "a\u{10ffff}"]],
  [
    "a device",
    [
      ["con", "CON", "Con.txt", "prn", "aux.h", "NUL", "nul.tar.gz", "com1", "COM9.log", "com0"],
      ["lpt1", "LPT¹"]
    ].flat()
  ],
  ["a device with blanks behind it", ["con .txt", "NUL  .a", "CONIN$", "conout$.txt"]],
  ["more than 255 bytes", ["x".repeat(256), "é".repeat(128), "歌".repeat(86)]]
]

describe("a file name", () => {
  it.each(safe)("may be %j", (name) => {
    assert.isTrue(FileName.is(name))
    assert.strictEqual(FileName.parse(name), name)
  })

  it.each(unsafe)("is not %s", (_, names) => {
    for (const name of names) {
      assert.isFalse(FileName.is(name), JSON.stringify(name))
      assert.isUndefined(FileName.parse(name))
      assert.throws(() => FileName.FileName.make(name))
    }
  })

  it.each([
    ["", "Empty"],
    [".hidden:", "Hidden"],
    ["a:b", "Separator"],
    ["a\\b", "Separator"],
    ["a\tb ", "Control"],
    ["a\u202eb", "Control"],
    ["a ", "Blank"],
    [" a", "Blank"],
    ["a.", "Blank"],
    ["con.txt", "Device"],
    ["x".repeat(256), "TooLong"],
    ["歌".repeat(86), "TooLong"],
    ["歌".repeat(85), undefined]
  ])("says why %j is none", (name, reason) => {
    assert.strictEqual(FileName.unsafe(name), reason)
  })

  it.prop("never leads out of its directory, whatever the text is", [Schema.String], ([text]) => {
    const name = FileName.parse(text)
    if (name === undefined) return
    assert.notMatch(name, /[/\\:\n\0]/)
    assert.notMatch(name, /^\./)
    assert.isAtMost(new TextEncoder().encode(name).length, 255)
  }, Property.tries(50))
})
