/** The commands of a Pyile room: what lines mean, what they do, and what Tab offers. */
import { assert, it } from "@effect/vitest"
import { PeerAddress, PyileError } from "@peerage/pyile"
import { Duration, Effect, Option, Result, SubscriptionRef } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"
import { resolve } from "../../src/pyile/Aliases.ts"
import { hostTable, memberTable, type PyileRoom } from "../../src/pyile/Commands.ts"
import type { HostRoom } from "../../src/pyile/HostCommands.ts"
import { answering, completes, corrects, saidOf, understands } from "../Tables.ts"

const to = (name: string, data: unknown) => ({ name, data })
const network = (text: string) => Result.getOrThrow(IpNetwork.ipv4FromString(text))
const ban = (text: string, length?: Duration.Input) => ({
  network: network(text),
  for: length === undefined ? undefined : Duration.fromInputUnsafe(length)
})

understands("of a host", hostTable, [
  [""],
  ["  \t "],
  ["hello  there ", "/say", "hello  there"],
  ["exit", "/exit"],
  [" exit ", "/exit"],
  ["exit now", "/say", "exit now"],
  ["peers", "/peers"],
  ["Peers", "/say", "Peers"],
  ["/say exit", "/say", "exit"],
  ["/say /peers", "/say", "/peers"],
  ["/say", "BadArgument"],
  ["/EXIT", "/exit"],
  ["/exit now", "BadArgument"],
  ["/peers", "/peers"],
  ["/help", "/help"],
  ["/json {\"x\": [1, null]}", "/json", { x: [1, null] }],
  ["/json \"text\"", "/json", "text"],
  ["/json text", "BadArgument"],
  ["/json", "BadArgument"],
  ["/to bob hello there", "/to", to("bob", "hello there")],
  ["/to  10.0.0.2:1   hi", "/to", to("10.0.0.2:1", "hi")],
  ["/to \"bob smith\" hi", "/to", to("bob smith", "hi")],
  ["/to bob /json [1]", "/to", to("bob", [1])],
  ["/to bob /json [", "BadArgument"],
  ["/to bob /peers", "/to", to("bob", "/peers")],
  ["/to bob", "BadArgument"],
  ["/to", "BadArgument"],
  ["/history", "/history", "Broadcast"],
  ["/history \"bob smith\"", "/history", "bob smith"],
  ["/history bob smith", "BadArgument"],
  ["/log", "/log", "INFO"],
  ["/log warning", "/log", "WARNING"],
  ["/log CRITICAL", "/log", "ERROR"],
  ["/log loud", "BadArgument"],
  ["/nope", "UnknownCommand"],
  ["/", "UnknownCommand"],
  ["/ban 10.0.0.7", "/ban", ban("10.0.0.7/32")],
  ["/ban 10.0.0.7 forever", "/ban", ban("10.0.0.7/32")],
  ["/ban 10.0.0.0/8 1h30m", "/ban", ban("10.0.0.0/8", "90 minutes")],
  ["/ban 10.0.0.7 10 minutes", "/ban", ban("10.0.0.7/32", "10 minutes")],
  ["/ban 10.0.0.7 soon", "BadArgument"],
  ["/ban 10.0.0.7:4702", "BadArgument"],
  ["/ban bob", "BadArgument"],
  ["/ban", "BadArgument"],
  ["/unban 10.0.0.7", "/unban", network("10.0.0.7/32")],
  ["/unban", "BadArgument"],
  ["/kick 10.0.0.7:4702", "/kick", PeerAddress.parse("10.0.0.7:4702")],
  ["/kick", "BadArgument"],
  ["/kick bob", "BadArgument"],
  ["/kick 10.0.0.7", "BadArgument"],
  ["/bans", "/bans"],
  ["/limbo", "/limbo"]
])

understands("of a member", memberTable, [
  ["/ban 10.0.0.7", "HostOnly"],
  ["/bans", "HostOnly"],
  ["/kick x", "HostOnly"]
])

corrects(hostTable, [
  ["/pers", "Did you mean /peers?"],
  ["/hlep", "Did you mean /help?"],
  ["/kik", "/kick"],
  ["/frobnicate", "/help lists"],
  ["/ban 10.0.0.7:4702", "/kick 10.0.0.7:4702"]
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

const unreached = { acknowledged: [bob], written: [], failed: [{ peer: ann, reason: "Unreachable" }] }
const tooLarge = new PyileError.SendError({ reason: new PyileError.MessageTooLarge({ bytes: 9, limit: 1 }) })
const unwritten = new PyileError.BanStoreError({ action: "write", path: "bans.json", problem: "ENOSPC" })
const ruling = { network: network("10.0.0.7/32"), reason: "banned", until: Option.none() }

/** A host that reaches bob, not ann, and can keep one ban in its file. */
const room: PyileRoom & HostRoom = {
  peer: {
    self: PeerAddress.at("10.0.0.1", 4702),
    peers: Effect.runSync(SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>(peers)),
    send: () => Effect.succeed({ ...unreached, failed: [] }),
    broadcast: (data) => data === "too large" ? Effect.fail(tooLarge) : Effect.succeed(unreached)
  },
  history: {
    history: (name) =>
      Effect.succeed(
        name === bob ? [{ at: 0, from: bob, own: false, alias: undefined, sender: "Verified", data: "hi" }] : []
      ),
    conversations: Effect.succeed(["Broadcast", bob])
  },
  journal: { entries: (level) => Effect.succeed([{ at: 0, level, text: "It began." }]) },
  aliases,
  moderation: {
    ban: (target) =>
      typeof target !== "string" && IpNetwork.format(target) === "10.0.0.7/32"
        ? Effect.succeed(ruling)
        : Effect.fail(unwritten),
    unban: () => Effect.succeed(false),
    bans: Effect.succeed([ruling]),
    kick: (peer) => Effect.succeed(peer === bob),
    limbo: Effect.succeed([{ host: "10.0.0.5", failures: 2 }])
  }
}

const answers = answering(hostTable, room)

it.effect("says text and JSON to everybody or to one, and tells who got it", () =>
  Effect.gen(function*() {
    const one = { _tag: "Sent", to: [bob], acknowledged: [bob], written: [], failed: [] }
    assert.deepStrictEqual(yield* answers("hello", "/json [1]", "/say exit", "/to bob hi", `/to ${bob} /json null`), [
      { _tag: "Sent", to: "Broadcast", data: "hello", ...unreached },
      { _tag: "Sent", to: "Broadcast", data: [1], ...unreached },
      { _tag: "Sent", to: "Broadcast", data: "exit", ...unreached },
      { ...one, data: "hi" },
      { ...one, data: null }
    ])
  }))

it.effect("says which line was not done and why", () =>
  Effect.gen(function*() {
    const lines = ["too large", "/to eve hi", "/history ann", "/ban 10.0.0.8", "/unban 10.0.0.8", `/kick ${ann}`]
    const reasons = ["MessageTooLarge", "UnknownPeer", "UnknownPeer", "BanStoreError", "NotBanned", "NotAMember"]
    const failures = yield* answers(...lines)
    assert.strictEqual(failures.length, lines.length)
    failures.forEach((failure, index) =>
      assert.deepInclude(failure, { _tag: "Failed", command: lines[index], reason: reasons[index] })
    )
  }))

it.effect("answers with what the peer knows, and leaves what changes to the events", () =>
  Effect.gen(function*() {
    const at = "1970-01-01T00:00:00.000Z"
    const conversations = ["Broadcast", bob]
    const lines = [
      "peers",
      "/history",
      "/history bob",
      "/log error",
      "/ban 10.0.0.7",
      `/kick ${bob}`,
      "/bans",
      "/limbo"
    ]
    assert.deepStrictEqual(yield* answers(...lines, "exit"), [
      { _tag: "Peers", peers },
      { _tag: "History", conversation: "Broadcast", messages: [], conversations },
      {
        _tag: "History",
        conversation: bob,
        messages: [{ at, from: bob, own: false, sender: "Verified", data: "hi" }],
        conversations
      },
      { _tag: "Log", entries: [{ at, level: "ERROR", text: "It began." }] },
      { _tag: "Bans", bans: [{ host: "10.0.0.7", reason: "banned" }] },
      { _tag: "Limbo", suspects: [{ host: "10.0.0.5", failures: 2 }] },
      "Leave"
    ])
  }))

completes(hostTable, () => room, [
  ["/pe", ["/peers"], "/pe"],
  ["/ba", ["/ban", "/bans"], "/ba"],
  ["hel", [], "hel"],
  ["/to ", ["bob", "ann", bob, ann, another], ""],
  ["/to b", ["bob"], "b"],
  ["/kick 10.0.0.2", [bob], "10.0.0.2"],
  ["/kick b", [], "b"],
  ["/to bob he", [], "/to bob he"]
])

completes(memberTable, () => room, [["/ba", [], "/ba"]])
