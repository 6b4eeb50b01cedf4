/** Host and members as real processes that speak JSON lines. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { hosting, joining, run, start } from "./Peerage.ts"

it.live("prints where it listens, who joins, what is said, and nothing else", () =>
  Effect.gen(function*() {
    const host = yield* hosting()
    const ann = yield* joining(host.address, "--alias", "ann")
    const bob = yield* joining(host.address, "--alias", "bob")
    yield* host.tells("Joined", { peer: ann.address })
    yield* host.tells("Peers", { peers: [ann.address, bob.address] })
    yield* ann.tells("Joined", { peer: bob.address })

    yield* ann.type("hello all")
    yield* host.tells("Message", {
      from: ann.address,
      to: "Broadcast",
      alias: "ann",
      sender: "SharedAddress",
      data: "hello all"
    })
    yield* bob.tells("Message", { from: ann.address, data: "hello all" })
    yield* ann.tells("Sent", { to: "Broadcast", written: [], failed: [] })

    yield* bob.tells("AliasSeen", { peer: ann.address, alias: "ann" })
    yield* bob.type("/to ann psst", `/to ${ann.address} /json {"x": [1, null]}`)
    yield* ann.tells("Message", { from: bob.address, to: ann.address, data: "psst" })
    yield* ann.tells("Message", { from: bob.address, data: { x: [1, null] } })
    yield* bob.tells("Sent", { to: [ann.address], acknowledged: [ann.address] })

    yield* host.type("/json 7", "peers")
    yield* bob.tells("Message", { data: 7, alias: "host" })
    assert.match(String(host.events()[0]?.["at"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.strictEqual(host.stderr(), "")
  }))

it.live("answers with events, and says which command failed and why", () =>
  Effect.gen(function*() {
    const host = yield* hosting()
    yield* host.type("/nope", "/to bob hi", "/ban nowhere", "/kick 127.0.0.1:1", "/unban 10.0.0.1", "/json {", "alone")
    yield* host.tells("Failed", { command: "/nope", reason: "UnknownCommand" })
    yield* host.tells("Failed", { command: "/to bob hi", reason: "UnknownPeer" })
    yield* host.tells("Failed", { command: "/ban nowhere", reason: "BadArgument" })
    yield* host.tells("Failed", { command: "/kick 127.0.0.1:1", reason: "NotAMember" })
    yield* host.tells("Failed", { command: "/unban 10.0.0.1", reason: "NotBanned" })
    yield* host.tells("Failed", { command: "/json {", reason: "BadArgument" })
    yield* host.tells("Sent", { to: "Broadcast", acknowledged: [], written: [], failed: [] })
    yield* host.type("/ban 10.0.0.1", "/ban 10.1.0.0/16 1h30m", "/bans", "/limbo", "/log", "/history", "/help")
    yield* host.tells("Banned", { host: "10.0.0.1" })
    yield* host.tells("Bans")
    yield* host.tells("Limbo", { suspects: [] })
    yield* host.tells("Log")
    yield* host.tells("History", { conversation: "Broadcast" })
    yield* host.tells("Help")
    yield* host.type("/unban 10.0.0.1")
    yield* host.tells("Unbanned", { host: "10.0.0.1" })
  }))

it.live("sends what was piped in before it leaves", () =>
  Effect.gen(function*() {
    const host = yield* hosting()
    const member = yield* start(["pyile", "join", host.address, "--password", "secret"])
    yield* member.type("last words", "/exit")
    assert.strictEqual(yield* member.ends, 0)
    yield* host.tells("Message", { data: "last words" })
    yield* host.tells("Left", { reason: "PeerClosed" })
  }))

it.live("goes on after the end of standard input", () =>
  Effect.gen(function*() {
    const host = yield* hosting()
    yield* host.hangUp
    const member = yield* joining(host.address)
    yield* member.hangUp
    yield* host.tells("Joined", { peer: member.address })
    yield* member.kill("SIGTERM")
    assert.strictEqual(yield* member.ends, 0)
    yield* host.tells("Left", { peer: member.address })
  }))

it.live("is refused with a wrong password, and banned after three", () =>
  Effect.gen(function*() {
    const host = yield* hosting("--ban-for", "10m")
    const wrong = () => run(["pyile", "join", host.address, "--password", "guess", "--json"])
    const first = yield* wrong()
    assert.strictEqual(first.code, 3)
    assert.match(first.stdout, /"event":"Failed".*"reason":"WrongPassword"/)
    assert.match(first.stderr, /refused the password/)
    assert.strictEqual(first.stderr.trim().split("\n").length, 1)
    yield* host.tells("Rejected", { host: "127.0.0.1", reason: "WrongPassword" })
    yield* host.type("/limbo")
    yield* host.tells("Limbo", { suspects: [{ host: "127.0.0.1", failures: 1 }] })
    yield* wrong()
    yield* wrong()
    const banned = yield* host.tells("Banned", { host: "127.0.0.1" })
    assert.isString(banned["until"])
    const late = yield* run(["pyile", "join", host.address, "--password", "secret"])
    assert.strictEqual(late.code, 3)
    assert.match(late.stderr, /banned/)
  }))

it.live("removes a member that is kicked, whose command ends with why", () =>
  Effect.gen(function*() {
    const host = yield* hosting()
    const member = yield* joining(host.address)
    yield* host.type(`/kick ${member.address}`)
    yield* host.tells("Left", { peer: member.address, reason: "Kicked" })
    assert.strictEqual(yield* member.ends, 4)
    yield* member.tells("Closed", { peer: host.address })
    assert.match(member.stderr(), /--reconnect/)
  }))

it.live("comes back with --reconnect, and gives up when it is banned", () =>
  Effect.gen(function*() {
    const host = yield* hosting()
    const member = yield* joining(host.address, "--reconnect")
    yield* host.type("/ban 127.0.0.1")
    yield* member.tells("Closed", { reason: "PeerClosed" })
    assert.strictEqual(yield* member.ends, 3)
  }))
