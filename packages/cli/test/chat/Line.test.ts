/** The language of a chat room, as a table of typed lines. */
import { assert, it } from "@effect/vitest"
import { PeerId } from "@peerage/p2p-chat"
import { type Line, parse, words } from "../../src/chat/Line.ts"

const plain = (line: Line): unknown => line._tag === "Mistake" ? line.reason : line

const tell = (to: bigint, text: string) => ({ _tag: "Tell", to: PeerId.make(to), text })

const table: ReadonlyArray<readonly [typed: string, meant: unknown]> = [
  ["", { _tag: "Nothing" }],
  [" \t ", { _tag: "Nothing" }],
  ["11 hello", tell(11n, "hello")],
  ["  11   Hello  There  ", tell(11n, "Hello  There")],
  ["11\thello", tell(11n, "hello")],
  ["9223372036854775807 hi", tell(9223372036854775807n, "hi")],
  ["11 /peers", tell(11n, "/peers")],
  ["11 22", tell(11n, "22")],
  ["11", "BadArgument"],
  ["0 hi", "BadArgument"],
  ["-5 hi", "BadArgument"],
  ["9223372036854775808 hi", "BadArgument"],
  ["11: hi", "BadArgument"],
  ["hello", "BadArgument"],
  ["hello 11", "BadArgument"],
  ["table", { _tag: "Table" }],
  ["TABLE", { _tag: "Table" }],
  ["buffer", { _tag: "Buffer" }],
  ["end", { _tag: "Exit" }],
  [" end ", { _tag: "Exit" }],
  ["exit", { _tag: "Exit" }],
  ["end now", "BadArgument"],
  ["peers", "BadArgument"],
  ["/to 11 hello  there", tell(11n, "hello  there")],
  ["/TO 11 hi", tell(11n, "hi")],
  ["/to 11", "BadArgument"],
  ["/to bob hi", "BadArgument"],
  ["/to", "BadArgument"],
  ["/table", { _tag: "Table" }],
  ["/table x", "BadArgument"],
  ["/buffer", { _tag: "Buffer" }],
  ["/peers", { _tag: "Peers" }],
  ["/history", { _tag: "History", peer: undefined }],
  ["/history 11", { _tag: "History", peer: PeerId.make(11n) }],
  ["/history 11 12", "BadArgument"],
  ["/history bob", "BadArgument"],
  ["/log", { _tag: "Log", level: "INFO" }],
  ["/log debug", { _tag: "Log", level: "INFO" }],
  ["/log warning", { _tag: "Log", level: "WARNING" }],
  ["/log ERROR", "BadArgument"],
  ["/help", { _tag: "Help" }],
  ["/exit", { _tag: "Exit" }],
  ["/nope", "UnknownCommand"],
  ["/", "UnknownCommand"]
]

for (const [typed, meant] of table) {
  it(`understands ${JSON.stringify(typed)}`, () => assert.deepStrictEqual(plain(parse(typed)), meant))
}

const sentence = (typed: string) => {
  const line = parse(typed)
  return line._tag === "Mistake" ? line.message : ""
}

for (
  const [typed, said] of [
    ["hello", "Say to whom: an id and then the text, such as 11 hello. /peers shows who is there."],
    ["peers", "Did you mean /peers?"],
    ["11", "Say what to tell 11, such as 11 hello."],
    ["0 hi", "whole numbers from 1 to 9223372036854775807"],
    ["-5 hi", "\"-5\" is no id"],
    ["/to bob hi", "\"bob\" is no id"],
    ["/tabel", "Did you mean /table?"],
    ["/frobnicate", "/help lists"]
  ] as const
) {
  it(`says what would be right in place of ${typed}`, () => assert.include(sentence(typed), said))
}

it("says its mistakes without the control characters that were typed", () => {
  for (const name of [...words.map((word) => word.name), "end", "/x\u0007", "1\u0007"]) {
    assert.notMatch(sentence(`${name} \u001B[31m\u202Ex y`), /[\u0007\u001B\u202E]/)
  }
})
