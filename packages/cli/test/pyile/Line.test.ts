/** The language of a Pyile room, as a table of typed lines. */
import { assert, it } from "@effect/vitest"
import { Moderation } from "@peerage/pyile"
import { Duration } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"
import { type Line, parse, type Role, words } from "../../src/pyile/Line.ts"

/** A line with its networks and durations as text. */
const plain = (line: Line): unknown => {
  if (line._tag === "Mistake") return line.reason
  if (line._tag === "Ban") {
    return { _tag: "Ban", network: IpNetwork.format(line.network), for: line.for && Duration.format(line.for) }
  }
  return line._tag === "Unban" ? { _tag: "Unban", network: Moderation.nameOf(line.network) } : line
}

const say = (data: unknown) => ({ _tag: "Say", data })
const tell = (name: string, data: unknown) => ({ _tag: "Tell", name, data })

const table: ReadonlyArray<readonly [typed: string, meant: unknown, role?: Role]> = [
  ["", { _tag: "Nothing" }],
  ["  \t ", { _tag: "Nothing" }],
  ["hello  there ", say("hello  there")],
  ["exit", { _tag: "Exit" }],
  [" exit ", { _tag: "Exit" }],
  ["exit now", say("exit now")],
  ["peers", { _tag: "Peers" }],
  ["Peers", say("Peers")],
  ["/say exit", say("exit")],
  ["/say /peers", say("/peers")],
  ["/say", "BadArgument"],
  ["/EXIT", { _tag: "Exit" }],
  ["/exit now", "BadArgument"],
  ["/peers", { _tag: "Peers" }],
  ["/help", { _tag: "Help" }],
  ["/json {\"x\": [1, null]}", say({ x: [1, null] })],
  ["/json \"text\"", say("text")],
  ["/json text", "BadArgument"],
  ["/json", "BadArgument"],
  ["/to bob hello there", tell("bob", "hello there")],
  ["/to  10.0.0.2:1   hi", tell("10.0.0.2:1", "hi")],
  ["/to \"bob smith\" hi", tell("bob smith", "hi")],
  ["/to bob /json [1]", tell("bob", [1])],
  ["/to bob /json [", "BadArgument"],
  ["/to bob /peers", tell("bob", "/peers")],
  ["/to bob", "BadArgument"],
  ["/to", "BadArgument"],
  ["/history", { _tag: "History", name: undefined }],
  ["/history \"bob smith\"", { _tag: "History", name: "bob smith" }],
  ["/history bob smith", "BadArgument"],
  ["/log", { _tag: "Log", level: "INFO" }],
  ["/log warning", { _tag: "Log", level: "WARNING" }],
  ["/log CRITICAL", { _tag: "Log", level: "ERROR" }],
  ["/log loud", "BadArgument"],
  ["/nope", "UnknownCommand"],
  ["/", "UnknownCommand"],
  ["/ban 10.0.0.7", { _tag: "Ban", network: "10.0.0.7/32", for: undefined }],
  ["/ban 10.0.0.7 forever", { _tag: "Ban", network: "10.0.0.7/32", for: undefined }],
  ["/ban 10.0.0.0/8 1h30m", { _tag: "Ban", network: "10.0.0.0/8", for: "1h 30m" }],
  ["/ban 10.0.0.7 10 minutes", { _tag: "Ban", network: "10.0.0.7/32", for: "10m" }],
  ["/ban 10.0.0.7 soon", "BadArgument"],
  ["/ban 10.0.0.7:4702", "BadArgument"],
  ["/ban bob", "BadArgument"],
  ["/ban", "BadArgument"],
  ["/ban 10.0.0.7", "HostOnly", "Member"],
  ["/unban 10.0.0.7", { _tag: "Unban", network: "10.0.0.7" }],
  ["/unban", "BadArgument"],
  ["/kick 10.0.0.7:4702", { _tag: "Kick", peer: "10.0.0.7:4702" }],
  ["/kick", "BadArgument"],
  ["/kick bob", "BadArgument"],
  ["/kick 10.0.0.7", "BadArgument"],
  ["/bans", { _tag: "Bans" }],
  ["/bans", "HostOnly", "Member"],
  ["/limbo", { _tag: "Limbo" }],
  ["/kick x", "HostOnly", "Member"]
]

for (const [typed, meant, role = "Host"] of table) {
  it(`understands ${JSON.stringify(typed)} of a ${role}`, () => {
    assert.deepStrictEqual(plain(parse(typed, role)), meant)
  })
}

const sentence = (typed: string, role: Role = "Host") => {
  const line = parse(typed, role)
  return line._tag === "Mistake" ? line.message : ""
}

it("guesses what a wrong command was meant to be, and not what the person may not do", () => {
  assert.include(sentence("/pers"), "Did you mean /peers?")
  assert.include(sentence("/hlep"), "Did you mean /help?")
  assert.include(sentence("/kik"), "/kick")
  assert.notInclude(sentence("/kik", "Member"), "/kick")
  assert.include(sentence("/frobnicate"), "/help lists")
})

it("tells somebody who bans a peer by its port what they may have meant", () => {
  assert.include(sentence("/ban 10.0.0.7:4702"), "/kick 10.0.0.7:4702")
})

it("says its mistakes without the control characters that were typed", () => {
  for (const { name } of words) assert.notMatch(sentence(`${name} \u001B[31m\u202Ex y`), /[\u001B\u202E]/)
})
