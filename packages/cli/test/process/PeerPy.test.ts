/** PeerPy peers as real processes: how they connect, talk, turn one another away, and part. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { connecting, listening, run, start } from "./Peerage.ts"

it.live("connects, talks both ways, and tells both ends of it", () =>
  Effect.gen(function*() {
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
    yield* a.tells("Data", { data: { a: [1, 1.5, null, "9007199254740993"] } })
    yield* b.tells("Sent", {
      to: [a.address],
      data: { a: [1, 1.5, null, "9007199254740993"] },
      written: [a.address],
      failed: []
    })
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
  }))

for (
  const [type, typed, data] of [
    ["bytes", "héllo", "aMOpbGxv"],
    ["bytes", "/hex 00 ff", "AP8="],
    ["raw", "héllo", "héllo"],
    ["raw", "/json {\"a\": [1, 1.5, true, null, 12345678901234567890]}", {
      a: [1, 1.5, true, null, "12345678901234567890"]
    }],
    ["raw", "/hex 00 ff", { base64: "AP8=" }]
  ] as const
) {
  it.live(`says ${typed} over a connection for ${type}, both ways`, () =>
    Effect.gen(function*() {
      const a = yield* listening()
      const b = yield* connecting(a.address, ["--type", type])
      yield* b.type(typed)
      yield* a.tells("Data", { peer: b.address, type, data })
      yield* a.type(`/to ${b.address} ${typed}`)
      yield* b.tells("Data", { peer: a.address, type, data })
    }))
}

it.live("keeps to one size on a stream", () =>
  Effect.gen(function*() {
    const a = yield* listening()
    const b = yield* connecting(a.address, ["--type", "bytes", "--stream", "--no-strict"])
    yield* a.tells("Offer", { type: "bytes", strict: false, stream: true })
    yield* b.type("four", "more", "another size")
    yield* a.tells("Data", { data: "Zm91cg==" })
    yield* a.tells("Data", { data: "bW9yZQ==" })
    yield* b.tells("Failed", { command: "another size", reason: "WrongSize" })
    yield* a.type("back")
    yield* b.tells("Data", { data: "YmFjaw==" })
  }))

it.live("talks to several at once, each in its kind, and closes one", () =>
  Effect.gen(function*() {
    const a = yield* listening()
    const others = yield* Effect.forEach(
      ["json", "bytes", "raw"],
      (type) => connecting(a.address, ["--type", type]),
      { concurrency: 3 }
    )
    const [json, bytes, raw] = others
    if (json === undefined || bytes === undefined || raw === undefined) return assert.fail("nobody came")
    for (const { address } of others) yield* a.tells("Connected", { peer: address })
    yield* a.type("to all")
    yield* json.tells("Data", { data: "to all" })
    yield* bytes.tells("Data", { data: "dG8gYWxs" })
    yield* raw.tells("Data", { data: "to all" })
    const sent = yield* a.tells("Sent", { to: "Broadcast", failed: [] })
    assert.sameMembers(Array.isArray(sent["written"]) ? sent["written"] : [], others.map(({ address }) => address))

    yield* a.type(`/to ${raw.address} psst`, "/close", `/close ${json.address}`, "goodbye")
    yield* raw.tells("Data", { data: "psst" })
    yield* a.tells("Failed", { command: "/close", reason: "Ambiguous" })
    assert.strictEqual(yield* json.ends, 4)
    assert.match(json.stderr(), /^The peer closed the connection, or has gone\.\n$/)
    yield* a.tells("Closed", { peer: json.address, reason: "Closed" })
    yield* bytes.tells("Data", { data: "Z29vZGJ5ZQ==" })
    assert.notInclude(json.stdout() + bytes.stdout(), "psst")
  }))

it.live("asks about each connection, and does as it is told", () =>
  Effect.gen(function*() {
    const a = yield* listening(["--offer", "ask"])
    const patient = ["--json", "--timeout", "20s"]
    // What is typed counts for more.
    const env = { PEERPY_TIMEOUT: "1 millis" }
    const wanted = yield* start(["peerpy", "connect", a.address, ...patient], { env })
    const offer = yield* a.tells("Offer")
    yield* a.type(`/accept ${offer["peer"]}`)
    yield* wanted.tells("Connected", { peer: a.address })

    const unwanted = yield* start(["peerpy", "connect", a.address, "--type", "raw", ...patient])
    yield* a.tells("Offer", { type: "raw" })
    yield* a.type("/deny")
    assert.strictEqual(yield* unwanted.ends, 3)
    assert.match(unwanted.stderr(), /^The peer at 127\.0\.0\.1:\d+ does not want this connection\.\n$/)
    yield* unwanted.tells("Failed", { reason: "Denied" })
    yield* a.tells("Rejected", { host: "127.0.0.1", reason: "Denied" })

    const impatient = yield* run(["peerpy", "connect", a.address, "--timeout", "300ms"])
    assert.strictEqual(impatient.code, 4)
    assert.match(impatient.stderr, /^The peer does not answer\..*--timeout waits longer\.\n$/)
    yield* a.tells("Withdrawn")
    yield* a.type("/accept")
    yield* a.tells("Failed", { command: "/accept", reason: "UnknownPeer" })
  }))

it.live("turns everybody away, those for whom there is no place, and whoever comes to a room of one", () =>
  Effect.gen(function*() {
    const closed = yield* listening(["--offer", "deny"])
    assert.strictEqual((yield* run(["peerpy", "connect", closed.address])).code, 3)
    yield* closed.tells("Rejected", { reason: "Denied" })
    const full = yield* listening(["--max-connections", "1"])
    const first = yield* connecting(full.address)
    assert.strictEqual((yield* run(["peerpy", "connect", full.address])).code, 3)
    yield* full.tells("Rejected", { reason: "TooMany" })
    yield* first.type("/close")
    assert.strictEqual(yield* first.ends, 0)
    yield* full.tells("Closed", { peer: first.address })
    const second = yield* connecting(full.address)
    assert.strictEqual((yield* run(["peerpy", "connect", second.address])).code, 3)
    yield* second.tells("Rejected", { reason: "Denied" })
  }))

it.live("opens connections from a room that listens", () =>
  Effect.gen(function*() {
    const [a, b] = [yield* listening(), yield* listening()]
    yield* a.type(`/connect ${b.address} raw`, "hi", `/connect ${b.address} raw`, `/connect ${a.address}`)
    yield* b.tells("Data", { peer: a.address, type: "raw", data: "hi" })
    yield* a.tells("Failed", { reason: "AlreadyConnected" })
    yield* a.tells("Failed", { reason: "OwnAddress" })
    yield* b.type("ho", `/close ${a.address}`)
    yield* a.tells("Data", { peer: b.address, data: "ho" })
    yield* a.tells("Closed", { peer: b.address, reason: "PeerClosed" })
    yield* a.type("/connect localhost:1")
    yield* a.tells("Failed", { command: "/connect localhost:1", reason: "Unreachable" })
  }))

it.live("tells all that was said before the other end closed", () =>
  Effect.gen(function*() {
    const a = yield* listening()
    const b = yield* connecting(a.address)
    const said = Array.from({ length: 3000 }, (_, index) => `message ${index}`)
    yield* a.type(...said, "/exit")
    assert.strictEqual(yield* b.ends, 4)
    const told = b.events()
    assert.deepStrictEqual(told.flatMap(({ data, event }) => event === "Data" ? [data] : []), said)
    assert.deepStrictEqual(told.slice(-2).map(({ event }) => event), ["Closed", "Failed"])
  }))

it.live("passes over what is too large to hold, and says so", () =>
  Effect.gen(function*() {
    const a = yield* listening([], { env: { PEERPY_MAX_PAYLOAD_BYTES: "10" } })
    const b = yield* connecting(a.address, ["--type", "bytes"])
    yield* b.type("eleven bytes", "ten bytes.")
    yield* a.tells("Dropped", { peer: b.address, size: 12, reason: "PayloadTooLarge" })
    yield* a.tells("Data", { data: "dGVuIGJ5dGVzLg==" })
  }))

it.live("goes on after the end of standard input, and leaves politely at a signal", () =>
  Effect.gen(function*() {
    const a = yield* listening()
    const b = yield* connecting(a.address)
    yield* b.hangUp
    yield* a.type("still there?")
    yield* b.tells("Data", { data: "still there?" })
    yield* b.kill("SIGINT")
    assert.strictEqual(yield* b.ends, 0)
    yield* a.tells("Closed", { peer: b.address, reason: "PeerClosed" })
    const c = yield* connecting(a.address)
    yield* a.kill("SIGTERM")
    assert.strictEqual(yield* a.ends, 0)
    assert.strictEqual(yield* c.ends, 4)
    assert.strictEqual(a.stderr() + b.stderr(), "")
  }))

it.live("speaks in plain lines where standard input is no terminal, without the controls of others", () =>
  Effect.gen(function*() {
    const a = yield* start(["peerpy", "listen", "--listen", "127.0.0.1:0", "--offer", "ask"])
    const [, address = ""] = yield* a.prints(/Listening at (\S+), and asking you about each connection\. /)
    yield* a.prints(new RegExp(`peerage peerpy connect ${address}\n`))
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
  }))

it.live("copies its log to standard error from INFO downward", () =>
  Effect.gen(function*() {
    const a = yield* listening(["--log-level", "info"])
    const b = yield* connecting(a.address)
    yield* a.prints(new RegExp(`INFO ${b.address} connected \\(json\\)`))
  }))
