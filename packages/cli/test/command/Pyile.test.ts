/** A Pyile network of whole commands: host and members in JSON and in plain lines, how they part, and bans. */
import { assert } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../Folder.ts"
import { here, passTime, run, start, tested } from "./InProcess.ts"

const { hosting, joining, plainly } = here

tested("prints where it listens, who joins, what is said, and nothing else", function*() {
  const host = yield* hosting()
  const ann = yield* joining(host.address, "--alias", "ann")
  const bob = yield* joining(host.address, "--alias", "bob")
  yield* host.tells("Joined", { peer: ann.address })
  yield* host.tells("Peers", { peers: [ann.address, bob.address] })
  yield* passTime(ann.tells("Joined", { peer: bob.address }))

  yield* ann.type("hello all")
  const message = { from: ann.address, to: "Broadcast", alias: "ann", sender: "SharedAddress", data: "hello all" }
  yield* host.tells("Message", message)
  yield* bob.tells("Message", { from: ann.address, data: "hello all" })
  yield* ann.tells("Sent", { to: "Broadcast", written: [], failed: [] })

  yield* bob.tells("AliasSeen", { peer: ann.address, alias: "ann" })
  yield* bob.type("/to ann psst", `/to ${ann.address} /json {"x": [1, null]}`)
  yield* ann.tells("Message", { from: bob.address, to: ann.address, data: "psst" })
  yield* ann.tells("Message", { from: bob.address, data: { x: [1, null] } })
  yield* bob.tells("Sent", { to: [ann.address], acknowledged: [ann.address] })

  yield* host.type("/json 7", "peers")
  yield* bob.tells("Message", { data: 7, alias: "host" })
  yield* host.type("/json [9007199254740993, 9007199254740991]")
  yield* bob.tells("Message", { data: ["9007199254740993", 9007199254740991] })
  yield* host.tells("Sent", { data: ["9007199254740993", 9007199254740991] })
  assert.match(String(host.events()[0]?.["at"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.strictEqual(host.stderr(), "")
})

tested("answers with events, and says which command failed and why", function*() {
  const host = yield* hosting()
  const large = "x".repeat(3000)
  yield* host.type(
    "/nope",
    "/to bob hi",
    "/ban nowhere",
    "/ban 127.0.0.1:1",
    "/kick 127.0.0.1:1",
    "/unban 10.0.0.1",
    "/json {",
    large,
    "alone"
  )
  yield* host.fails({
    "/nope": "UnknownCommand",
    "/to bob hi": "UnknownPeer",
    "/ban nowhere": "BadArgument",
    "/ban 127.0.0.1:1": "BadArgument",
    "/kick 127.0.0.1:1": "NotAMember",
    "/unban 10.0.0.1": "NotBanned",
    "/json {": "BadArgument",
    [large]: "MessageTooLarge"
  })
  yield* host.tells("Sent", { to: "Broadcast", acknowledged: [], written: [], failed: [] })
  yield* host.type("/ban 10.0.0.1", "/ban 10.1.0.0/16 1h30m", "/bans", "/limbo", "/log", "/history", "/help")
  yield* host.tells("Banned", { host: "10.0.0.1" })
  yield* host.prints(
    /"bans":\[\{"host":"10\.0\.0\.1","reason":"[^"]+"\},\{"host":"10\.1\.0\.0\/16",.*"until":"1970-01-01T01:30:/
  )
  yield* host.tells("Limbo", { suspects: [] })
  yield* host.tells("Log")
  yield* host.tells("History", { conversation: "Broadcast" })
  yield* host.tells("Help")
  yield* host.type("/unban 10.0.0.1")
  yield* host.tells("Unbanned", { host: "10.0.0.1" })
})

tested("sends what was piped in before it leaves, and leaves politely", function*() {
  const host = yield* hosting()
  const member = yield* start(["pyile", "join", host.address, "--password", "secret"])
  yield* member.type("last words", "/exit")
  assert.strictEqual(yield* passTime(member.ends), 0)
  yield* host.tells("Message", { data: "last words" })
  yield* host.tells("Left", { reason: "PeerClosed" })
})

tested("is refused with a wrong password, and banned after three", function*() {
  const host = yield* hosting("--ban-for", "10m")
  const wrong = run(["pyile", "join", host.address, "--password", "guess", "--json"])
  const first = yield* wrong
  assert.strictEqual(first.code, 3)
  assert.match(first.stdout, /"event":"Failed".*"reason":"WrongPassword"/)
  assert.match(first.stderr, /refused the password/)
  assert.strictEqual(first.stderr.trim().split("\n").length, 1)
  yield* host.tells("Rejected", { host: "127.0.0.1", reason: "WrongPassword" })
  yield* host.type("/limbo")
  yield* host.tells("Limbo", { suspects: [{ host: "127.0.0.1", failures: 1 }] })
  yield* wrong
  yield* wrong
  const banned = yield* host.tells("Banned", { host: "127.0.0.1" })
  assert.isString(banned["until"])
  const late = yield* run(["pyile", "join", host.address, "--password", "secret"])
  assert.strictEqual(late.code, 3)
  assert.match(late.stderr, /banned/)
})

tested("names both addresses, at both ends, to one who claims another than it comes from", function*() {
  const host = yield* hosting()
  const claiming = ["--password", "secret", "--advertise", "127.0.0.2:50000"]
  const refused = yield* run(["pyile", "join", host.address, ...claiming])
  assert.strictEqual(refused.code, 3)
  assert.match(
    refused.stderr,
    /claims the address 127\.0\.0\.2:50000.* from 127\.0\.0\.1\..*--advertise.*--trust-claims/
  )
  const rejected = { host: "127.0.0.1", reason: "ForeignAddress", claimed: "127.0.0.2:50000" }
  yield* host.tells("Rejected", rejected)
  const trusting = yield* hosting("--trust-claims")
  yield* joining(trusting.address, "--advertise", "127.0.0.2:50000")
  yield* trusting.tells("Joined", { peer: "127.0.0.2:50000" })
})

tested("removes a member that is kicked, whose command ends with why", function*() {
  const host = yield* hosting()
  const member = yield* joining(host.address)
  yield* host.tells("Joined", { peer: member.address })
  yield* host.type(`/kick ${member.address}`)
  yield* host.tells("Left", { peer: member.address, reason: "Kicked" })
  assert.strictEqual(yield* member.ends, 4)
  yield* member.tells("Closed", { peer: host.address })
  assert.match(member.stderr(), /--reconnect/)
})

tested("comes back with --reconnect, and gives up when it is banned", function*() {
  const host = yield* hosting()
  const member = yield* joining(host.address, "--reconnect")
  yield* host.tells("Joined", { peer: member.address })
  yield* host.type("/ban 127.0.0.1")
  yield* member.tells("Closed", { reason: "PeerClosed" })
  assert.strictEqual(yield* passTime(member.ends), 3)
})

tested("waits with --reconnect for a host that is not there yet, and says until when", function*() {
  const wanted = ["pyile", "join", "127.0.0.1:4999", "--password", "secret", "--reconnect"]
  const member = yield* start([...wanted, "--json"])
  const plain = yield* start(wanted)
  const retrying = yield* member.tells("Retrying", { peer: "127.0.0.1:4999", reason: "Unreachable" })
  assert.match(String(retrying["next"]), /^1970-01-01T00:00:0[012]\.\d{3}Z$/)
  const host = yield* start(["pyile", "host", "--listen", "127.0.0.1:4999", "--password", "secret", "--json"])
  yield* host.tells("Listening")
  yield* passTime(member.tells("Connected", { peer: "127.0.0.1:4999" }))
  yield* passTime(plain.prints(/others? (is|are) here/))
  assert.match(plain.stderr(), /^(127\.0\.0\.1:4999: nobody listens there\. Trying again in [12] s\.\n)+$/)
})

tested("does not wait with --reconnect where waiting cannot help", function*() {
  const host = yield* hosting()
  const refused = yield* run(["pyile", "join", host.address, "--password", "guess", "--reconnect"])
  assert.deepStrictEqual([refused.code, refused.stdout], [3, ""])
})

tested("comes back with --reconnect when the bar after a kick is over", function*() {
  const host = yield* hosting()
  const member = yield* joining(host.address, "--reconnect")
  yield* host.tells("Joined", { peer: member.address })
  yield* host.type(`/kick ${member.address}`)
  yield* host.tells("Left", { peer: member.address, reason: "Kicked" })
  yield* passTime(member.tells("Retrying", { reason: "Banned" }))
  yield* passTime(host.tells("Joined", { peer: member.address }))
  yield* passTime(member.tells("Connected", { peer: host.address }))
})

tested("says with the peers that it is away, until it is back", function*() {
  const host = yield* hosting()
  const member = yield* joining(host.address, "--reconnect")
  yield* host.type("/exit")
  yield* member.tells("Closed", { reason: "PeerClosed" })
  yield* member.type("/peers")
  yield* member.tells("Peers", { away: true })
})

tested("keeps no password that was given", function*() {
  const host = yield* hosting()
  yield* host.type("/keep")
  yield* host.fails({ "/keep": "NotMadeUp" })
})

tested("ends with 4 and one sentence when the host goes", function*() {
  const host = yield* hosting()
  const member = yield* joining(host.address)
  yield* host.tells("Joined", { peer: member.address })
  yield* host.type("/exit")
  assert.strictEqual(yield* host.ends, 0)
  assert.strictEqual(yield* member.ends, 4)
  assert.strictEqual(member.stderr().trim().split("\n").length, 1)
})

tested("keeps bans in a file across restarts", function*() {
  const file = join(yield* folder(), "bans.json")
  const first = yield* hosting("--bans", file)
  yield* first.type("/ban 127.0.0.1", "/ban 10.0.0.0/8 2 hours")
  yield* first.tells("Banned", { host: "10.0.0.0/8" })
  yield* first.type("/exit")
  yield* first.ends
  const second = yield* hosting("--bans", file)
  const member = yield* run(["pyile", "join", second.address, "--password", "secret"])
  assert.strictEqual(member.code, 3)
  yield* second.type("/unban 127.0.0.1", "/bans")
  yield* second.tells("Unbanned", { host: "127.0.0.1" })
  yield* joining(second.address)
})

tested("leaves a damaged file of bans as it is, and does not start", function*() {
  const file = join(yield* folder({ "bans.json": "{ not json" }), "bans.json")
  const host = yield* run(["pyile", "host", "--listen", "127.0.0.1:0", "--password", "x", "--bans", file])
  assert.strictEqual(host.code, 1)
  assert.match(host.stderr, /Nothing was changed/)
  assert.strictEqual(readFileSync(file, "utf8"), "{ not json")
})

tested("speaks in plain lines without --json, without the controls of others, and without the password", function*() {
  yield* plainly
})
