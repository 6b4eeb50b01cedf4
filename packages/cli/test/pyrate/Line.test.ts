/** The language of Pyrate rooms, as a table of typed lines. */
import { assert, it } from "@effect/vitest"
import { type Line, parse, wordsFor } from "../../src/pyrate/Line.ts"

const plain = (line: Line): unknown => line._tag === "Mistake" ? line.reason : line

const address = { host: "10.0.0.2", port: 5005 }
const get = (name: string) => ({ _tag: "Get", address, name })
const list = { _tag: "List", address }
const search = (name: string) => ({ _tag: "Search", name })

const table: ReadonlyArray<readonly [typed: string, meant: unknown]> = [
  ["", { _tag: "Nothing" }],
  [" \t", { _tag: "Nothing" }],
  ["GET 10.0.0.2 5005 song.txt", get("song.txt")],
  ["get 10.0.0.2\t5005   song.txt ", get("song.txt")],
  ["Get 10.0.0.2 5005 our  song.txt", get("our  song.txt")],
  ["GET 10.0.0.2 5005 \"our song.txt\"", get("our song.txt")],
  ["GET 10.0.0.2 5005 \"our\" song.txt", get("\"our\" song.txt")],
  ["GET peer.example 5005 song.txt", { _tag: "Get", address: { host: "peer.example", port: 5005 }, name: "song.txt" }],
  ["GET", "BadArgument"],
  ["GET 10.0.0.2", "BadArgument"],
  ["GET 10.0.0.2 5005", "BadArgument"],
  ["GET 10.0.0.2 fivethousand song.txt", "BadArgument"],
  ["GET 10.0.0.2 0 song.txt", "BadArgument"],
  ["GET 10.0.0.2 79422 song.txt", "BadArgument"],
  ["GET 10.0.0.999 5005 song.txt", "BadArgument"],
  ["GET 10.0.0.2 5005 ../secret.txt", "BadArgument"],
  ["GET 10.0.0.2 5005 .hidden", "BadArgument"],
  ["GET 10.0.0.2 5005 a:b", "BadArgument"],
  ["/get 10.0.0.2:5005 song.txt", get("song.txt")],
  ["/GET 10.0.0.2:5005 our song.txt", get("our song.txt")],
  ["/get 10.0.0.2 song.txt", "BadArgument"],
  ["/get 10.0.0.2:5005", "BadArgument"],
  ["/get", "BadArgument"],
  ["LIST 10.0.0.2 5005", list],
  ["list 10.0.0.2 5005", list],
  ["LIST 10.0.0.2", "BadArgument"],
  ["LIST", "BadArgument"],
  ["LIST 10.0.0.2 5005 more", "BadArgument"],
  ["/list 10.0.0.2:5005", list],
  ["/list 10.0.0.2", "BadArgument"],
  ["/list 10.0.0.2:5005 more", "BadArgument"],
  ["/list", "BadArgument"],
  ["SEARCH song.txt", search("song.txt")],
  ["search our song.txt", search("our song.txt")],
  ["SEARCH", "BadArgument"],
  ["SEARCH a/b", "BadArgument"],
  ["/search \"our song.txt\"", search("our song.txt")],
  ["/search", "BadArgument"],
  ["PEERS", { _tag: "Peers" }],
  ["peers now", "BadArgument"],
  ["/peers", { _tag: "Peers" }],
  ["GETPEERS", { _tag: "Refresh" }],
  ["/getpeers", { _tag: "Refresh" }],
  ["QUIT", { _tag: "Quit" }],
  ["quit", { _tag: "Quit" }],
  ["/quit", { _tag: "Quit" }],
  ["QUIT now", "BadArgument"],
  ["exit", { _tag: "Exit" }],
  ["/exit", { _tag: "Exit" }],
  ["/files", { _tag: "Files" }],
  ["files", { _tag: "Files" }],
  ["/rescan", { _tag: "Rescan" }],
  ["/commands", { _tag: "Commands" }],
  ["/log", { _tag: "Log", level: "INFO" }],
  ["/log warning", { _tag: "Log", level: "WARNING" }],
  ["/help", { _tag: "Help" }],
  ["hello", "UnknownCommand"],
  ["/nope", "UnknownCommand"]
]

for (const [typed, meant] of table) {
  it(`understands ${JSON.stringify(typed)}`, () => assert.deepStrictEqual(plain(parse(typed, "Sharer")), meant))
}

const atBootstrap: ReadonlyArray<readonly [typed: string, meant: unknown]> = [
  ["peers", { _tag: "Peers" }],
  ["/peers", { _tag: "Peers" }],
  ["/log", { _tag: "Log", level: "INFO" }],
  ["QUIT", { _tag: "Exit" }],
  ["exit", { _tag: "Exit" }],
  ["/get 10.0.0.2:5005 song.txt", "UnknownCommand"],
  ["GET 10.0.0.2 5005 song.txt", "UnknownCommand"],
  ["SEARCH song.txt", "UnknownCommand"]
]

for (const [typed, meant] of atBootstrap) {
  it(`understands ${JSON.stringify(typed)} at a bootstrap`, () =>
    assert.deepStrictEqual(plain(parse(typed, "Bootstrap")), meant))
}

const sentence = (typed: string) => {
  const line = parse(typed, "Sharer")
  return line._tag === "Mistake" ? line.message : ""
}

for (
  const [typed, said] of [
    ["GET 10.0.0.2", "GET <server> <port> <filename>"],
    ["LIST 10.0.0.2", "LIST <server> <port>"],
    ["SEARCH", "SEARCH <filename>"],
    ["/get 10.0.0.2:5005", "/get PEER NAME"],
    ["/list", "/list PEER"],
    ["/search", "/search NAME"],
    ["GET 10.0.0.2 79422 x", "a port from 1 to 65535"],
    ["/list 10.0.0.2", "\"10.0.0.2\" is no peer"],
    ["GET 10.0.0.2 5005 ../x", "\"../x\" is no name of a file"],
    ["serch song.txt", "Did you mean /search?"],
    ["hello", "Try GET, LIST, SEARCH, PEERS, GETPEERS or QUIT"]
  ] as const
) {
  it(`says what would be right in place of ${typed}`, () => assert.include(sentence(typed), said))
}

it("says its mistakes without the control characters that were typed", () => {
  for (const name of [...wordsFor("Sharer").map((word) => word.name), "GET", "GET 1 2", "LIST", "/x\u0007"]) {
    assert.notMatch(sentence(`${name} \u001B[31m\u202Ex y`), /[\u0007\u001B\u202E]/)
  }
})
