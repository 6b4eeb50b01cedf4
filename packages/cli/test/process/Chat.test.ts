/** Peers of a chat network as real processes: how they meet, talk, lose one another and leave. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { connect, createServer, type Socket } from "node:net"
import { chatting, run, start } from "./Peerage.ts"

/** A listener that does something else with those who come; gives its address. */
const listening = (serve: (socket: Socket) => void) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const server = createServer(serve).listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) => Effect.sync(() => void server.close())
    ),
    (server) => {
      const address = server.address()
      return `127.0.0.1:${typeof address === "object" ? address?.port : ""}`
    }
  )

it.live("plays the scenario of the original's README, with its words", () =>
  Effect.gen(function*() {
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
  }))

it.live("sends over two hops, and shows the way", () =>
  Effect.gen(function*() {
    const a = yield* chatting("10")
    const b = yield* chatting("11", { join: a.address })
    const c = yield* chatting("12", { join: b.address })
    yield* a.tells("Joined", { peer: "12" })
    yield* c.tells("Joined", { peer: "10" })
    yield* c.type("10 Over The Hill")
    yield* a.tells("Message", { from: "12", to: "10", via: "11", sender: "Relayed", data: "Over The Hill" })
    yield* a.type("12 and back", "table", "/history 12")
    yield* c.tells("Message", { from: "10", data: "and back" })
    yield* a.tells("Table", { rows: [{ id: "11", hops: 1, nextHop: "11" }, { id: "12", hops: 2, nextHop: "11" }] })
    const { messages } = yield* a.tells("History", { peer: "12", conversations: ["12"] })
    assert.match(JSON.stringify(messages), /"from":"12",.*"sender":"Relayed","data":"Over The Hill".*"data":"and back"/)
    assert.notInclude(b.stdout(), "Over The Hill")
    yield* c.kill("SIGKILL")
    yield* a.tells("Left", { peer: "12" })
  }))

it.live("comes back to a peer that was started again, with what it kept for it", () =>
  Effect.gen(function*() {
    const a = yield* chatting("10")
    const b = yield* chatting("11", { join: a.address })
    yield* a.kill("SIGKILL")
    yield* b.tells("Closed", { peer: "10" })
    yield* b.type("10 Are you there?", "buffer")
    yield* b.tells("Sent", { to: "10", result: { _tag: "Buffered" } })
    yield* b.tells("Buffer", { rows: [{ id: "10", messages: 1 }] })
    const again = yield* chatting("10", { at: a.address })
    yield* again.tells("Joined", { peer: "11" })
    yield* again.tells("Message", { from: "11", data: "Are you there?" })
    yield* b.type("/buffer")
    yield* b.tells("Buffer", { rows: [] })
  }))

const frame = (body: ReadonlyArray<number>) => Buffer.from([0, 0, 0, body.length, ...body])

/** A MESSAGE of peer 12 to peer 10, as the protocol writes it. */
const message = (text: string) => {
  const inner = [0x08, 12, 0x10, 10, 0x1a, text.length, ...Buffer.from(text)]
  return frame([0x08, 1, 0x12, inner.length, ...inner])
}

it.live("misses no message of a burst, however many come with one read", () =>
  Effect.gen(function*() {
    const a = yield* chatting("10")
    const sent = Array.from({ length: 20_000 }, (_, index) => `message ${index}`)
    const [host, port] = a.address.split(":")
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        const socket = connect(Number(port), host)
        socket.write(frame([0x08, 3, 0x22, 2, 0x08, 12]))
        socket.once("data", () => socket.write(Buffer.concat([...sent, "That was all"].map(message))))
        return socket
      }),
      (socket) => Effect.sync(() => void socket.destroy())
    )
    yield* a.prints(/That was all/)
    const told = [...a.stdout().matchAll(/"data":"(message \d+)"/g)].map(([, text]) => text)
    assert.deepStrictEqual(told, sent)
  }))

it.live("copies its log to standard error from INFO downward", () =>
  Effect.gen(function*() {
    const a = yield* start(["chat", "127.0.0.1:0", "--json", "--log-level", "info"])
    const { address } = yield* a.tells("Listening")
    yield* chatting("11", { join: String(address) })
    yield* a.prints(/INFO 11 joined/)
  }))

it.live("answers with events, and says which line was not done and why", () =>
  Effect.gen(function*() {
    const a = yield* chatting("10")
    yield* a.type(
      "hello",
      "/nope",
      "10 me",
      "0 nobody",
      "99 nobody yet",
      "/history 99",
      "/log WARNING",
      "/peers",
      "/help"
    )
    yield* a.tells("Failed", { command: "hello", reason: "BadArgument" })
    yield* a.tells("Failed", { command: "/nope", reason: "UnknownCommand" })
    yield* a.tells("Failed", { command: "10 me", reason: "ToSelf" })
    yield* a.tells("Failed", { command: "0 nobody", reason: "BadArgument" })
    const history = yield* a.tells("History", { peer: "99", conversations: ["99"] })
    assert.match(JSON.stringify(history["messages"]), /"from":"10","to":"99","own":true,"data":"nobody yet"/)
    const log = yield* a.tells("Log")
    assert.match(JSON.stringify(log["entries"]), /Nothing was sent to 10/)
    yield* a.tells("Help")
  }))

it.live("makes an id up, and tells it", () =>
  Effect.gen(function*() {
    const a = yield* start(["chat", "127.0.0.1:0", "--json"])
    assert.match(String((yield* a.tells("Self"))["id"]), /^\d{15,19}$/)
  }))

it.live("goes on after the end of standard input, and leaves politely at SIGINT", () =>
  Effect.gen(function*() {
    const a = yield* chatting("10")
    yield* a.hangUp
    const b = yield* chatting("11", { join: a.address })
    yield* a.tells("Joined", { peer: "11" })
    yield* a.kill("SIGINT")
    assert.strictEqual(yield* a.ends, 0)
    yield* b.tells("Closed", { reason: "PeerClosed" })
    yield* b.kill("SIGTERM")
    assert.strictEqual(yield* b.ends, 0)
    assert.strictEqual(a.stderr() + b.stderr(), "")
  }))

it.live("reports all mistakes at once, each with its argument", () =>
  Effect.gen(function*() {
    const { code, stderr, stdout } = yield* run([
      "chat",
      "localhost:5000",
      "192.0.2.1",
      "--desired-id",
      "9223372036854775808",
      "--log-level",
      "LOUD"
    ])
    assert.deepStrictEqual([code, stdout], [2, ""])
    for (const name of ["LOCAL_ADDRESS", "PEER_ADDRESS", "--desired-id", "--log-level"]) assert.include(stderr, name)
    assert.match(stderr, /See peerage chat --help\n$/)
    const none = yield* run(["chat", "--desired-id", "x"])
    assert.strictEqual(none.code, 2)
    assert.match(none.stderr, /LOCAL_ADDRESS is missing[^]*--desired-id takes/)
  }))

it.live("takes an empty PEER_ADDRESS for none, and its numbers and its id from the environment", () =>
  Effect.gen(function*() {
    const a = yield* start(["chat", "127.0.0.1:0", "", "--json"], { env: { PEERAGE_DESIRED_ID: "7" } })
    yield* a.tells("Self", { id: "7" })
    yield* a.tells("Peers", { peers: [] })
    const wrong = yield* run(["chat", "127.0.0.1:0"], { env: { P2P_CHAT_MAX_CONNECTIONS: "0" } })
    assert.strictEqual(wrong.code, 2)
    assert.match(wrong.stderr, /P2P_CHAT_MAX_CONNECTIONS takes a value greater than 0/)
  }))

it.live("ends with 4 when nobody listens there or the name is unknown, with 2 when told to join itself", () =>
  Effect.gen(function*() {
    const refused = yield* run(["chat", "127.0.0.1:0", "127.0.0.1:1"])
    assert.deepStrictEqual([refused.code, refused.stdout], [4, ""])
    assert.match(refused.stderr, /^No connection to 127\.0\.0\.1:1 \(ECONNREFUSED\)\..*\n$/)
    const unknown = yield* run(["chat", "127.0.0.1:0", "nobody.invalid:5000"])
    assert.strictEqual(unknown.code, 4)
    assert.match(unknown.stderr, /nobody\.invalid/)
    const free = yield* Effect.scoped(listening(() => {}))
    const itself = yield* run(["chat", free, free])
    assert.strictEqual(itself.code, 2)
    assert.match(itself.stderr, /own address/)
  }))

it.live("ends with 1 when the port is taken", () =>
  Effect.gen(function*() {
    const a = yield* chatting("10")
    const second = yield* run(["chat", a.address])
    assert.strictEqual(second.code, 1)
    assert.match(second.stderr, /is in use by another program/)
  }))

it.live("says what may help when the other end hangs up on it, or says nothing", () =>
  Effect.gen(function*() {
    const full = yield* listening((socket) => socket.end())
    const away = yield* run(["chat", "127.0.0.1:0", full])
    assert.strictEqual(away.code, 3)
    assert.match(away.stderr, /It may be full.*ten connections/)
    const silent = yield* listening((socket) => void socket.on("error", () => {}))
    const env = { P2P_CHAT_HANDSHAKE_TIMEOUT: "200 millis" }
    const unheard = yield* run(["chat", "127.0.0.1:0", silent], { env })
    assert.strictEqual(unheard.code, 4)
    assert.match(unheard.stderr, /does not answer\. Check that a chat peer runs there/)
  }))

it.live("speaks in plain lines where standard input is no terminal, without the controls of others", () =>
  Effect.gen(function*() {
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
  }))
