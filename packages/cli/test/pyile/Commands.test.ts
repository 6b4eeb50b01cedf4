/** The commands of a Pyile room: what lines mean, and what Tab offers. */
import { assert, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/pyile"
import { Duration, Effect, Result, SubscriptionRef } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"
import { resolve } from "../../src/pyile/Aliases.ts"
import { hostTable, memberTable, type PyileRoom } from "../../src/pyile/Commands.ts"
import type { HostRoom } from "../../src/pyile/HostCommands.ts"
import { completes, corrects, everywhere, saidOf, statusOf, understands } from "../Tables.ts"

const to = (name: string, data: unknown) => ({ name, data })
const key = "A".repeat(43)
const network = (text: string) => Result.getOrThrow(IpNetwork.ipv4FromString(text))
const ban = (text: string, length?: Duration.Input) => ({
  target: network(text),
  for: length === undefined ? undefined : Duration.fromInputUnsafe(length)
})

understands(
  "of a host",
  hostTable,
  [
    ...everywhere,
    ["hello  there ", "/say", "hello  there "],
    ["   three spaces", "/say", "   three spaces"],
    ["\tif x:\t", "/say", "\tif x:\t"],
    [" /peers ", "/peers"],
    ["/say   three spaces ", "/say", "  three spaces "],
    ["/say   ", "BadArgument"],
    ["/to bob   three spaces ", "/to", { name: "bob", data: "  three spaces " }],
    ["/to bob \t", "BadArgument"],
    ["exit", "/exit"],
    [" exit ", "/exit"],
    ["exit now", "/say", "exit now"],
    ["exit\n/exit", "/say", "exit\n/exit"],
    ["one\n/ban 10.0.0.7\n/exit", "/say", "one\n/ban 10.0.0.7\n/exit"],
    ["/say one\n  two", "/say", "one\n  two"],
    ["/ban 10.0.0.7\n/exit", "BadArgument"],
    ["/kick 10.0.0.7:49152\n/exit", "BadArgument"],
    ["peers", "/peers"],
    ["Peers", "/say", "Peers"],
    ["/say exit", "/say", "exit"],
    ["/say /peers", "/say", "/peers"],
    ["/json {\"x\": [1, null]}", "/json", { x: [1, null] }],
    ["/json \"text\"", "/json", "text"],
    ["/json 9007199254740993", "/json", 9007199254740993n],
    ["/to bob hello there", "/to", to("bob", "hello there")],
    ["/to  10.0.0.2:1   hi", "/to", to("10.0.0.2:1", "  hi")],
    ["/to \"bob smith\" hi", "/to", to("bob smith", "hi")],
    ["/to bob /json [1]", "/to", to("bob", [1])],
    ["/to bob /peers", "/to", to("bob", "/peers")],
    ["/history", "/history", "Broadcast"],
    ["/history \"bob smith\"", "/history", "bob smith"],
    ["/log CRITICAL", "/log", "ERROR"],
    ["/ban 10.0.0.7", "/ban", ban("10.0.0.7/32")],
    ["/ban 10.0.0.7 forever", "/ban", ban("10.0.0.7/32")],
    ["/ban 10.0.0.0/8 1h30m", "/ban", ban("10.0.0.0/8", "90 minutes")],
    ["/ban 10.0.0.7 10 minutes", "/ban", ban("10.0.0.7/32", "10 minutes")],
    [`/ban ${key} 10m`, "/ban", { target: key, for: Duration.minutes(10) }],
    ["/unban 10.0.0.7", "/unban", network("10.0.0.7/32")],
    ["/ban 10.0.0.7:4702", "/ban", { target: { peer: PeerAddress.parse("10.0.0.7:4702") }, for: undefined }],
    [`/unban ${key}`, "/unban", key],
    ["/kick 10.0.0.7:4702", "/kick", PeerAddress.parse("10.0.0.7:4702")],
    ["/bans", "/bans"],
    ["/keep", "/keep", undefined],
    ["/keep my passphrase.txt ", "/keep", "my passphrase.txt"],
    ["/limbo", "/limbo"]
  ],
  `/say | /json text | /json | /to bob /json [ | /to bob | /to | /history bob smith | /ban 10.0.0.7 soon |
  /unban 10.0.0.7:4702 | /ban bob | /ban | /unban | /kick | /kick bob | /kick 10.0.0.7`
)

understands("of a member", memberTable, [
  ...everywhere,
  ["/ban 10.0.0.7", "HostOnly"],
  ["/bans", "HostOnly"],
  ["/kick x", "HostOnly"],
  ["/keep", "HostOnly"]
])

const deep = `${"[".repeat(300)}${"]".repeat(300)}`

corrects(hostTable, [
  ["/json {", "This is not JSON: {. Text needs quotes in JSON."],
  [`/json ${deep}`, "This JSON cannot be sent: nested deeper than 128 levels. Change it and send it again."],
  [`/to bob /json ${deep}`, "This JSON cannot be sent: nested deeper than 128 levels."],
  ["/pers", "Did you mean /peers?"],
  ["/hlep", "Did you mean /help?"],
  ["/kik", "/kick"],
  ["/frobnicate", "/help lists"],
  ["/unban 10.0.0.7:4702", "/kick 10.0.0.7:4702"],
  [
    "/ban localhost",
    "A ban takes an IPv4 address or prefix, such as 10.0.0.7 or 10.0.0.0/24, not \"localhost\": names lead"
  ],
  ["/ban http://10.0.0.7/", "A ban takes an address and no URL, such as 10.0.0.7"],
  ["/ban 10.0.0.7\u200b", "A ban takes an address without U+200B"]
])

it("guesses nothing that the person may not do", () => {
  assert.notInclude(saidOf(memberTable, "/kik"), "/kick")
})

const bob = PeerAddress.at("10.0.0.2", 49_152)
const ann = PeerAddress.at("10.0.0.3", 50_000)
const another = PeerAddress.at("10.0.0.4", 50_000)
const aliases = new Map<string, string>([[bob, "bob"], [ann, "ann"], [another, "ann"]])
const peers = [bob, ann, another]

it("takes an alias for a peer while one of those present goes by it", () => {
  assert.deepStrictEqual(resolve("bob", peers, aliases), Result.succeed(bob))
  assert.deepStrictEqual(resolve("ann", [bob, ann], aliases), Result.succeed(ann))
  assert.deepStrictEqual(resolve(ann, [], new Map()), Result.succeed(ann))
  assert.isTrue(Result.isFailure(resolve("bob", [ann], aliases)))
})

it("names the addresses when several go by an alias", () => {
  const several = resolve("ann", peers, aliases)
  assert.isTrue(
    Result.isFailure(several) && several.failure.message.includes(ann) && several.failure.message.includes(another)
  )
})

const none = Effect.succeed([])
const unused = () => Effect.die("unused")

const room: PyileRoom & HostRoom = {
  peer: {
    keys: Effect.succeed(new Map()),
    self: PeerAddress.at("10.0.0.1", 4702),
    peers: Effect.runSync(SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>(peers)),
    status: statusOf({ _tag: "Joined" }),
    send: unused,
    broadcast: unused
  },
  history: { messages: unused, conversations: none },
  journal: { entries: unused },
  aliases,
  moderation: { ban: unused, banPeer: unused, unban: unused, bans: none, kick: unused, limbo: none },
  keep: unused,
  keyed: false
}

completes(hostTable, () => room, [
  ["/pe", ["/peers"], "/pe"],
  ["/ba", ["/ban", "/bans"], "/ba"],
  ["hel", [], "hel"],
  ["/to ", ["bob", "ann", bob, ann, another], ""],
  ["/to b", ["bob"], "b"],
  ["/kick 10.0.0.2", [bob], "10.0.0.2"],
  ["/kick b", [], "b"],
  ["/ban 10.0.0.2", [], "10.0.0.2"],
  ["/to bob he", [], "/to bob he"]
])

completes(hostTable, () => ({ ...room, keyed: true }), [["/ban 10.0.0.2", [bob], "10.0.0.2"]])

completes(memberTable, () => room, [["/ba", [], "/ba"]])
