/** A chat network of whole commands: how peers meet, talk, lose one another and leave. */
import { assert } from "@effect/vitest"
import { Endpoint, Simulation } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { here, passTime, run, start, tested, transport } from "./InProcess.ts"

const { chatting } = here

tested("plays the scenario of the original's README, with its words", function*() {
  const a = yield* chatting("10")
  const same = yield* run(["chat", "127.0.0.1:0", a.address, "--desired-id", "10", "--json"])
  assert.strictEqual(same.code, 3)
  assert.match(same.stdout, /"event":"Failed".*"reason":"DuplicateId"/)
  assert.match(same.stderr, /^The id 10 is in use in that network\..*\n$/)
  yield* a.tells("Rejected", { host: "127.0.0.1", reason: "DuplicateId" })

  const b = yield* chatting("11", { join: a.address })
  yield* b.tells("Self", { id: "11" })
  yield* b.tells("Connected", { peer: "10", address: a.address })
  yield* b.tells("Peers", { peers: [{ id: "10", hops: 1, nextHop: "10" }] })
  yield* a.tells("Joined", { peer: "11" })

  yield* a.type("11 Hello There, Ünïcödé")
  const message = { from: "10", to: "11", via: "10", sender: "Verified", data: "Hello There, Ünïcödé" }
  yield* b.tells("Message", message)
  yield* a.tells("Sent", { to: "11", data: message.data, result: { _tag: "Delivered", nextHop: "11" } })
  yield* b.type("/to 10 And Back")
  yield* a.tells("Message", { from: "11", data: "And Back" })

  yield* a.type("end")
  assert.strictEqual(yield* a.ends, 0)
  yield* b.tells("Left", { peer: "10", reason: "PeerClosed" })
  yield* b.tells("Closed", { peer: "10", address: a.address, reason: "PeerClosed" })
  assert.strictEqual(a.stderr() + b.stderr(), "")
  assert.match(String(b.events()[0]?.["at"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

tested("sends over two hops, and shows the way, with ids as strings", function*() {
  const far = "9223372036854775807"
  const a = yield* chatting("10")
  const b = yield* chatting("11", { join: a.address })
  const c = yield* chatting(far, { join: b.address })
  yield* a.tells("Joined", { peer: far })
  yield* c.tells("Joined", { peer: "10" })
  yield* c.type("10 Over The Hill")
  yield* a.tells("Message", { from: far, to: "10", via: "11", sender: "Relayed", data: "Over The Hill" })
  yield* a.type(`${far} And Back`, "table", `/history ${far}`)
  yield* c.tells("Message", { from: "10", data: "And Back" })
  yield* a.tells("Sent", { to: far, data: "And Back", result: { _tag: "Delivered", nextHop: "11" } })
  const rows = [{ id: "11", hops: 1, nextHop: "11" }, { id: far, hops: 2, nextHop: "11" }]
  yield* a.tells("Table", { rows })
  yield* a.tells("Peers", { peers: rows })
  const { messages } = yield* a.tells("History", { peer: far, conversations: [far] })
  const relayed = new RegExp(`"from":"${far}",.*"sender":"Relayed","data":"Over The Hill".*"data":"And Back"`)
  assert.match(JSON.stringify(messages), relayed)
  assert.notInclude(b.stdout(), "Over The Hill")
  yield* c.leave
  yield* a.tells("Left", { peer: far })
})

tested("comes back to a peer that was started again, with what it kept for it", function*() {
  const a = yield* chatting("10")
  const b = yield* chatting("11", { join: a.address })
  yield* a.leave
  yield* b.tells("Closed", { peer: "10" })
  yield* b.type("10 Are you there?", "buffer")
  yield* b.tells("Sent", { to: "10", result: { _tag: "Buffered" } })
  yield* b.tells("Buffer", { rows: [{ id: "10", messages: 1 }] })
  const again = yield* chatting("10", { at: a.address })
  yield* Simulation.elapse("30 seconds")
  yield* again.tells("Joined", { peer: "11" })
  yield* again.tells("Message", { from: "11", data: "Are you there?" })
  yield* b.type("/buffer")
  yield* b.tells("Buffer", { rows: [] })
})

tested("waits with --reconnect for a peer that is not there yet, and not for another id", function*() {
  const joining = ["chat", "127.0.0.1:0", "127.0.0.1:4998", "--reconnect", "--json", "--desired-id"]
  const late = yield* start([...joining, "11"])
  yield* late.tells("Retrying", { peer: "127.0.0.1:4998", reason: "Unreachable" })
  const host = yield* chatting("10", { at: "127.0.0.1:4998" })
  yield* passTime(late.tells("Connected", { peer: "10", address: host.address }))
  assert.strictEqual((yield* run([...joining, "10"])).code, 3)
})

tested("answers with events, and says which line was not done and why", function*() {
  const a = yield* chatting("10")
  yield* a.type(
    " hello ",
    "/nope",
    "10 me",
    "0 nobody",
    "98 one",
    "99 two",
    "buffer",
    "/history 99",
    "/log WARNING",
    "/peers",
    "/help"
  )
  yield* a.fails({ "hello": "BadArgument", "/nope": "UnknownCommand" })
  const message = "You cannot send a message to yourself. Give the id of another peer."
  yield* a.tells("Failed", { command: "10 me", reason: "ToSelf", message })
  yield* a.tells("Failed", { command: "0 nobody", reason: "BadArgument" })
  yield* a.tells("Sent", { to: "99", data: "two", result: { _tag: "Buffered" } })
  yield* a.tells("Buffer", { rows: [{ id: "98", messages: 1 }, { id: "99", messages: 1 }] })
  const at = "1970-01-01T00:00:00.000Z"
  const messages = [{ at, from: "10", to: "99", own: true, data: "two" }]
  yield* a.tells("History", { peer: "99", messages, conversations: ["98", "99"] })
  yield* a.tells("Log", { entries: [{ at, level: "WARNING", text: `Nothing was sent to 10. ${message}` }] })
  yield* a.tells("Help")
  // At the beginning, and asked for.
  const peers = a.events().filter(({ event }) => event === "Peers")
  assert.deepStrictEqual(peers.map(({ peers }) => peers), [[], []])
})

tested("makes an id up, and tells it", function*() {
  const a = yield* here.open("chat", "127.0.0.1:0")
  assert.match(String((yield* a.tells("Self"))["id"]), /^\d{15,19}$/)
})

tested("says what may help when the other end hangs up on it, or says nothing", function*() {
  const { listen } = yield* transport
  const listening = Effect.flatMap(
    Effect.fromResult(Endpoint.address("127.0.0.1:0")),
    (address) => listen(address, {})
  )
  const full = yield* listening
  yield* Effect.forkScoped(full.run(() => Effect.void))
  const away = yield* run(["chat", "127.0.0.1:0", NetAddress.formatInet(full.address)])
  assert.strictEqual(away.code, 3)
  assert.match(away.stderr, /It may be full.*ten connections/)
  const silent = yield* listening
  yield* Effect.forkScoped(silent.run(() => Effect.never))
  const unheard = yield* start(["chat", "127.0.0.1:0", NetAddress.formatInet(silent.address)])
  yield* Simulation.elapse("1 minute")
  assert.strictEqual(yield* unheard.ends, 4)
  assert.match(unheard.stderr(), /does not answer\. Check that a chat peer runs there/)
})

tested("speaks in plain lines without --json, and without the controls of others", function*() {
  const a = yield* start(["chat", "127.0.0.1:0", "--desired-id", "10"])
  const [, address = ""] = yield* a.prints(/Listening at (\S+) as 10\. /)
  yield* a.prints(/peerage chat 127\.0\.0\.1:0 127\.0\.0\.1:\d+\n/)
  const b = yield* start(["chat", "127.0.0.1:0", address, "--desired-id", "11"])
  yield* b.prints(/You are in the network through 10 at 127\.0\.0\.1:\d+\.\n/)
  yield* b.prints(/1 other is here:\n {2}10\n/)
  yield* b.type("10 Hello\u001B[31m\u202E", "12 kept")
  yield* a.prints(/\d\d:\d\d:\d\d 11: Hello\uFFFD\[31m\uFFFD\n/)
  yield* b.prints(/12 cannot be reached now: kept until it can\.\n/)
  yield* a.type("end")
  assert.strictEqual(yield* a.ends, 0)
  yield* b.prints(/The connection to 10 at \S+ ended\. Trying to come back\.\n/)
  assert.notInclude(a.stdout(), "\u001B")
})
