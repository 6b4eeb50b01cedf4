/** PeerPy peers as whole commands: how they connect, talk, turn one another away, find each other, and part. */
import { assert } from "@effect/vitest"
import { Simulation } from "@peerage/transport"
import { ends, here, start, tested } from "./InProcess.ts"

const { connecting, listening } = here

tested("connects, talks both ways, and tells both ends of it", function*() {
  const a = yield* listening()
  const b = yield* connecting(a.address)
  assert.match(b.address, /^127\.0\.0\.1:/)
  const kind = { type: "json", strict: true, stream: false }
  yield* b.tells("Connected", { peer: a.address, ...kind, initiated: true })
  const offer = yield* a.tells("Offer", { peer: b.address, ...kind })
  assert.match(String(offer["remote"]), /^127\.0\.0\.1:\d+$/)
  yield* a.tells("Connected", { peer: b.address, ...kind, initiated: false })

  yield* b.type("Hello, Ünïcödé \u{1F600}", "/json {\"a\": [1, 1.5, null, 9007199254740993]}")
  yield* a.tells("Data", { peer: b.address, type: "json", data: "Hello, Ünïcödé \u{1F600}" })
  const data = { a: [1, 1.5, null, "9007199254740993"] }
  yield* a.tells("Data", { data })
  yield* b.tells("Sent", { to: [a.address], data, written: [a.address], failed: [] })
  yield* a.type("and back")
  yield* b.tells("Data", { peer: a.address, type: "json", data: "and back" })

  yield* a.type("/peers", "/history", "/log")
  yield* a.tells("Peers", { peers: [{ ...offer, event: undefined, at: undefined, initiated: false }], offers: [] })
  const history = yield* a.tells("History", { conversations: [b.address] })
  assert.match(JSON.stringify(history["messages"]), /"own":false.*"own":true,"type":"json","data":"and back"/)
  const log = yield* a.tells("Log")
  assert.match(JSON.stringify(log["entries"]), /wants a connection.*connected/)

  yield* b.type("/exit")
  assert.strictEqual(yield* b.ends, 0)
  yield* a.tells("Closed", { peer: b.address, reason: "PeerClosed" })
  assert.strictEqual(a.stderr() + b.stderr(), "")
  assert.match(String(a.events()[0]?.["at"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

const large = "/json {\"a\": [1, 1.5, true, null, 12345678901234567890]}"
for (
  const [type, typed, data] of [
    ["bytes", "héllo", "aMOpbGxv"],
    ["bytes", "/hex 00 ff", "AP8="],
    ["raw", "héllo", "héllo"],
    ["raw", large, { a: [1, 1.5, true, null, "12345678901234567890"] }],
    ["raw", "/hex 00 ff", { base64: "AP8=" }]
  ] as const
) {
  tested(`says ${typed} over a connection for ${type}, both ways`, function*() {
    const a = yield* listening()
    const b = yield* connecting(a.address, "--type", type)
    yield* b.type(typed)
    yield* a.tells("Data", { peer: b.address, type, data })
    yield* a.type(`/to ${b.address} ${typed}`)
    yield* b.tells("Data", { peer: a.address, type, data })
  })
}

tested("keeps to one size on a stream", function*() {
  const a = yield* listening()
  const b = yield* connecting(a.address, "--type", "bytes", "--stream", "--no-strict")
  yield* a.tells("Offer", { type: "bytes", strict: false, stream: true })
  yield* b.type("four", "more", "another size")
  yield* a.tells("Data", { data: "Zm91cg==" })
  yield* a.tells("Data", { data: "bW9yZQ==" })
  yield* b.fails({ "another size": "WrongSize" })
  yield* a.type("back")
  yield* b.tells("Data", { data: "YmFjaw==" })
})

tested("talks to several at once, each in its kind, says to whom it did not go, and closes one", function*() {
  const a = yield* listening()
  const json = yield* connecting(a.address, "--type", "json")
  const bytes = yield* connecting(a.address, "--type", "bytes")
  const raw = yield* connecting(a.address, "--type", "raw")
  const others = [json.address, bytes.address, raw.address]
  for (const peer of others) yield* a.tells("Connected", { peer })
  yield* a.type("é to all", "/json {}")
  yield* json.tells("Data", { data: "é to all" })
  yield* bytes.tells("Data", { data: "w6kgdG8gYWxs" })
  yield* raw.tells("Data", { data: "é to all" })
  yield* a.tells("Sent", { to: "Broadcast", data: "é to all", written: others, failed: [] })
  const failed = [{ peer: bytes.address, reason: "UnsendableValue" }]
  yield* a.tells("Sent", { to: "Broadcast", data: {}, written: [json.address, raw.address], failed })

  const unsendable = `/to ${bytes.address} /json 1`
  yield* a.type(
    `/to ${raw.address} psst`,
    unsendable,
    "/to 10.0.0.9:1 x",
    "/close",
    `/close ${json.address}`,
    "goodbye"
  )
  yield* raw.tells("Data", { data: "psst" })
  yield* a.tells("Sent", { to: [raw.address], data: "psst" })
  yield* a.fails({ [unsendable]: "UnsendableValue", "/to 10.0.0.9:1 x": "UnknownPeer", "/close": "Ambiguous" })
  yield* a.tells("Failed", {
    message:
      "The value cannot be sent as bytes: it is neither text nor digits behind /hex. Change it, or connect for another type of data."
  })
  assert.strictEqual(yield* json.ends, 4)
  assert.match(json.stderr(), /^The peer closed the connection, or has gone\. Connect again to go on\.\n$/)
  yield* a.tells("Closed", { peer: json.address, reason: "Closed" })
  yield* bytes.tells("Data", { data: "Z29vZGJ5ZQ==" })
  assert.notInclude(json.stdout(), "psst")
  assert.strictEqual(bytes.events().filter(({ event }) => event === "Data").length, 2)
})

tested("asks about each connection, shows who waits, and does as it is told", function*() {
  const a = yield* listening("--offer", "ask")
  const coming = ["peerpy", "connect", a.address, "--json", "--timeout"]
  // What is typed counts for more than the environment.
  const env = { PEERPY_TIMEOUT: "1 millis" }
  const wanted = yield* start([...coming, "20s", "--type", "raw", "--no-strict"], { env })
  const { peer, remote } = yield* a.tells("Offer", { type: "raw" })
  yield* Simulation.elapse("2 millis")
  const unwanted = yield* start([...coming, "20s"])
  const other = yield* a.tells("Offer", { type: "json" })
  yield* a.type("/accept", `/accept ${peer}`, "/peers", "/deny", "/peers")
  yield* a.fails({ "/accept": "Ambiguous" })
  yield* wanted.tells("Connected", { peer: a.address })
  const peers = [{ peer, remote, type: "raw", strict: false, stream: false, initiated: false }]
  const offers = [{ peer: other["peer"], remote: other["remote"], type: "json", strict: true, stream: false }]
  yield* a.tells("Peers", { peers, offers })
  yield* a.tells("Peers", { peers, offers: [] })
  yield* a.tells("Rejected", { host: "127.0.0.1", reason: "Denied" })
  assert.strictEqual(yield* unwanted.ends, 3)
  assert.match(
    unwanted.stderr(),
    /^The peer at 127\.0\.0\.1:\d+ does not want this connection\. Ask there, or try another type of data\.\n$/
  )
  yield* unwanted.tells("Failed", { reason: "Denied" })

  const impatient = yield* start([...coming, "300ms", "--type", "bytes"])
  const late = yield* a.tells("Offer", { type: "bytes" })
  yield* Simulation.elapse("300 millis")
  assert.strictEqual(yield* impatient.ends, 4)
  assert.match(impatient.stderr(), /^The peer does not answer\..*--timeout waits longer\.\n$/)
  yield* a.tells("Withdrawn", { peer: late["peer"] })
  const command = `/accept ${late["peer"]}`
  yield* a.type(command)
  yield* a.tells("Failed", { command, reason: "UnknownPeer", message: "Nobody waits for an answer." })
})

tested("turns everybody away, those for whom there is no place, and whoever comes to a room of one", function*() {
  const closed = yield* listening("--offer", "deny")
  yield* ends(["peerpy", "connect", closed.address], 3, /does not want/)
  yield* closed.tells("Rejected", { reason: "Denied" })
  const full = yield* listening("--max-connections", "1")
  const first = yield* connecting(full.address)
  yield* ends(["peerpy", "connect", full.address], 3, /./)
  yield* full.tells("Rejected", { reason: "TooMany" })
  yield* first.type("/close")
  assert.strictEqual(yield* first.ends, 0)
  yield* full.tells("Closed", { peer: first.address })
  const second = yield* connecting(full.address)
  yield* ends(["peerpy", "connect", second.address], 3, /./)
  yield* second.tells("Rejected", { reason: "Denied" })
})

tested("opens connections from a room that listens, each once, and closes them", function*() {
  const [a, b, denying] = [yield* listening(), yield* listening(), yield* listening("--offer", "deny")]
  const [first, again] = [`/connect ${b.address}`, `/connect ${b.address} raw`]
  const [own, denied] = [`/connect ${a.address}`, `/connect ${denying.address}`]
  yield* a.type(first, "json", again, "hi", "/json [1, 1.0]", "/hex 00ff", again, own)
  yield* b.tells("Data", { peer: a.address, type: "json", data: "json" })
  for (const data of ["hi", [1, 1], { base64: "AP8=" }]) {
    yield* a.tells("Sent", { to: [b.address], data, written: [b.address], failed: [] })
    yield* b.tells("Data", { peer: a.address, type: "raw", data })
  }
  yield* a.type("/peers", `/history ${b.address}`, denied)
  yield* a.fails({ [again]: "AlreadyConnected", [own]: "OwnAddress", [denied]: "Denied" })
  yield* a.prints(/"Peers",[^\n]*"peers":\[\{[^}]*"type":"raw"[^}]*"initiated":true\}\]/)
  const { messages } = yield* a.tells("History", { peer: b.address, conversations: [b.address] })
  assert.match(JSON.stringify(messages), /"own":true,"type":"raw","data":"hi"/)
  yield* b.type("ho", `/close ${a.address}`)
  yield* a.tells("Data", { peer: b.address, data: "ho" })
  yield* a.tells("Closed", { peer: b.address, reason: "PeerClosed" })
  yield* b.type("/peers", "/connect localhost:1")
  yield* b.tells("Peers", { peers: [], offers: [] })
  yield* b.fails({ "/connect localhost:1": "Unreachable" })
})

tested("says that nobody is there, and hides and shows itself", function*() {
  const a = yield* listening()
  yield* a.type("hello", "/to 10.0.0.2:1 x", "/close", "/accept", "/invisible", "/invisible on", "/invisible")
  const reason = "UnknownPeer"
  yield* a.fails({ hello: reason, "/to 10.0.0.2:1 x": reason, "/close": reason, "/accept": reason })
  yield* a.prints(/"Visibility",[^\n]*false\}\n[^\n]*"Visibility",[^\n]*true\}\n[^\n]*"Visibility",[^\n]*true\}\n/)
})

tested("tells all that was said before the other end closed, and ends with 4", function*() {
  const a = yield* listening()
  const b = yield* connecting(a.address)
  const said = Array.from({ length: 3000 }, (_, index) => `message ${index}`)
  yield* a.type(...said, "/exit")
  assert.strictEqual(yield* b.ends, 4)
  const told = b.events()
  assert.deepStrictEqual(told.flatMap(({ data, event }) => event === "Data" ? [data] : []), said)
  assert.deepStrictEqual(told.slice(-2).map(({ event }) => event), ["Closed", "Failed"])
})

tested("passes over what is too large to hold, says so, and goes on after the end of standard input", function*() {
  const env = { PEERPY_MAX_PAYLOAD_BYTES: "10" }
  const a = yield* here.openWith({ env }, "peerpy", "listen", "--listen", "127.0.0.1:0")
  const b = yield* connecting(a.address, "--type", "bytes")
  yield* b.type("eleven bytes", "ten bytes.")
  yield* a.tells("Dropped", { peer: b.address, size: 12, reason: "PayloadTooLarge" })
  yield* a.tells("Data", { data: "dGVuIGJ5dGVzLg==" })
  yield* b.hangUp
  yield* a.type("still?")
  yield* b.tells("Data", { data: "c3RpbGw/" })
})

tested("speaks in plain lines without --json, and without the controls of others", function*() {
  const a = yield* start(["peerpy", "listen", "--listen", "127.0.0.1:0", "--offer", "ask"])
  const [, address = ""] = yield* a.prints(/Listening at (\S+), and asking you about each connection\. /)
  yield* a.prints(new RegExp(`peerage peerpy connect ${address} --timeout 1m\n`))
  const b = yield* start(["peerpy", "connect", address, "--timeout", "20s"])
  const [, peer = ""] = yield* a.prints(
    /\d\d:\d\d:\d\d \? (\S+) wants a connection \(json\): \/accept \S+ or \/deny \S+; most give up after 2 seconds\n/
  )
  yield* a.type(`/accept ${peer}`)
  yield* a.prints(/\+ \S+ connected \(json\)\n/)
  yield* b.prints(/\+ connected to 127\.0\.0\.1:\d+ \(json\)\n/)
  yield* b.type("Hello\u001B[31m\u202E", "/invisible on")
  yield* a.prints(/\d\d:\d\d:\d\d 127\.0\.0\.1:\d+: Hello\uFFFD\[31m\uFFFD\n/)
  yield* b.prints(/Only somebody who listens has \/invisible\.\n/)
  yield* a.type("/exit")
  assert.strictEqual(yield* a.ends, 0)
  yield* b.prints(/- the connection with \S+ ended\n/)
  assert.strictEqual(yield* b.ends, 4)
  assert.notInclude(a.stdout(), "\u001B")
})
