/** The command at a real terminal; where none can be made, this is passed over. */
import { assert } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { statSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../test/Folder.ts"
import { processes } from "../test/Process.ts"
import { atTerminal, terminal } from "./AtTerminal.ts"

const { chatting, connecting, hosting, joining, open } = processes

terminal("makes a passphrase up, shows the command to join with, and leaves at Ctrl-D", function*() {
  const host = yield* atTerminal("pyile", "host", "--listen", "127.0.0.1:0")
  yield* host.sees(/peerage (-- )?pyile join 127\.0\.0\.1:\d+ --password ([a-z]+-){7}[a-z]+\r\n/)
  yield* host.sees(/> /)
  yield* host.type("/pers\r")
  yield* host.sees(/Did you mean \/peers\?/)
  yield* host.type("\u0004")
  assert.strictEqual(yield* host.ends, 0)
})

terminal("offers to keep the passphrase that it made up, with which members come back after a restart", function*() {
  const file = join(yield* folder(), "passphrase")
  const host = yield* atTerminal("pyile", "host", "--listen", "127.0.0.1:0")
  const [, address = "", passphrase = ""] = yield* host.sees(/pyile join (127\.0\.0\.1:\d+) --password (\S+)\r\n/)
  yield* host.sees(/unless \/keep keeps it[^]*> /)
  yield* host.type(`/keep ${file}\r`)
  yield* host.sees(/The passphrase is kept in /)
  assert.strictEqual(statSync(file).mode & 0o777, 0o600)
  const member = yield* open("pyile", "join", address, "--password", passphrase, "--reconnect")
  yield* member.tells("Connected")
  yield* host.type("/exit\r")
  yield* host.ends
  yield* member.tells("Closed")
  const again = yield* atTerminal("pyile", "host", "--listen", address, "--password-file", file)
  yield* again.sees(/joined/)
})

terminal("asks for the password without showing it, chats in colour, and leaves at Ctrl-C", function*() {
  const host = yield* hosting()
  const member = yield* atTerminal("pyile", "join", host.address, "--alias", "bob")
  yield* member.sees(/Password/)
  yield* member.type("secret\r")
  yield* member.sees(/You are in the network/)
  yield* member.sees(/> /)
  yield* member.type("hello\r")
  yield* host.tells("Message", { alias: "bob", data: "hello" })
  yield* member.type("half a line")
  yield* member.sees(/half a line/)
  yield* host.type("welcome")
  yield* member.sees(/\u001B\[1mhost\u001B\[22m [^\n]*: welcome/)
  yield* member.type("\u0003")
  assert.strictEqual(yield* member.ends, 0)
  assert.notInclude(member.output(), "secret")
  yield* host.tells("Left")
})

terminal("says how to join a chat network, chats by id in colour, completes ids, and leaves at Ctrl-C", function*() {
  const peer = yield* atTerminal("chat", "127.0.0.1:0", "--desired-id", "10")
  yield* peer.sees(/as 10\. Join from another terminal:/)
  const [, address = ""] = yield* peer.sees(/peerage (?:-- )?chat 127\.0\.0\.1:0 (127\.0\.0\.1:\d+)\r\n/)
  yield* peer.sees(/> /)
  const other = yield* chatting("306000000000000001", { join: address })
  yield* peer.sees(/\+\S* \u001B\[\d+m306000000000000001\u001B\[39m joined/)
  yield* peer.type("hello\r")
  yield* peer.sees(/Say to whom: an id and then the text/)
  yield* peer.type("3")
  yield* peer.sees(/3$/)
  yield* peer.type("\t")
  yield* peer.sees(/06000000000000001 /)
  yield* peer.type("Hello There\r")
  yield* other.tells("Message", { from: "10", data: "Hello There" })
  yield* other.type("10 and back")
  yield* peer.sees(/\u001B\[\d+m306000000000000001\u001B\[39m: and back/)
  yield* peer.type("table\r")
  yield* peer.sees(/ID +HOPS +VIA[^]*306000000000000001[^]*direct/)
  yield* peer.type("\u0003")
  assert.strictEqual(yield* peer.ends, 0)
  yield* other.tells("Closed", { peer: "10" })
})

terminal(
  "asks about a PeerPy connection in colour, completes the answer, talks over it, and leaves at Ctrl-C",
  function*() {
    const peer = yield* atTerminal("peerpy", "listen", "--listen", "127.0.0.1:0", "--offer", "ask")
    const [, address = ""] = yield* peer.sees(/peerage (?:-- )?peerpy connect (127\.0\.0\.1:\d+) --timeout 1m\r\n/)
    yield* peer.sees(/> /)
    const coming = yield* Effect.forkChild(connecting(address, "--type", "raw", "--timeout", "20s"))
    yield* peer.sees(/\?\S* \u001B\[\d+m127\.0\.0\.1:\d+\u001B\[39m wants a connection \(raw\)/)
    yield* peer.type("/accept \t")
    yield* peer.sees(/\/accept 127\.0\.0\.1:\d+ /)
    yield* peer.type("\r")
    const other = yield* Fiber.join(coming)
    yield* peer.sees(/\+\S* \S+ connected \(raw\)/)
    yield* peer.type("hello\r")
    yield* other.tells("Data", { type: "raw", data: "hello" })
    yield* peer.type("half a line")
    yield* peer.sees(/half a line/)
    yield* other.type("/json {\"a\": 1.5}")
    yield* peer.sees(/\u001B\[\d+m127\.0\.0\.1:\d+\u001B\[39m: \{"a":1\.5\}/)
    yield* peer.type("\u0003")
    assert.strictEqual(yield* peer.ends, 0)
    assert.strictEqual(yield* other.ends, 4)
  }
)

terminal("sends a pasted text of several lines as one message at Enter, and obeys none of its lines", function*() {
  const host = yield* atTerminal("pyile", "host", "--listen", "127.0.0.1:0", "--password", "secret")
  const [, address = ""] = yield* host.sees(/pyile join (127\.0\.0\.1:\d+)\r\n/)
  const member = yield* joining(address)
  yield* host.sees(/\+\S* \S+ joined/)
  // The terminal is asked to mark what is pasted.
  assert.include(host.output(), "\u001B[?2004h")
  yield* host.type("\u001B[200~one\r  two\r/ban 127.0.0.1\r/exit\r\u001B[201~")
  yield* host.sees(/one\S*⏎\S* {2}two\S*⏎\S*\/ban 127\.0\.0\.1\S*⏎\S*\/exit/)
  yield* member.type("Nothing was said.")
  yield* host.sees(/Nothing was said\./)
  assert.deepStrictEqual(member.events().filter(({ event }) => event === "Message"), [])
  yield* host.type("\r")
  yield* member.tells("Message", { data: "one\n  two\n/ban 127.0.0.1\n/exit" })
  yield* host.type("\u0003")
  assert.strictEqual(yield* host.ends, 0)
  assert.match(host.output(), /\u001B\[\?2004l/)
})

terminal("counts down to its next try in one line, before it has joined and after, and leaves at Ctrl-C", function*() {
  const host = yield* hosting()
  yield* host.type("/exit")
  yield* host.ends
  const member = yield* atTerminal("pyile", "join", host.address, "--password", "secret", "--reconnect")
  yield* member.sees(/nobody listens there\. Trying again in [12] s\.\r\u001B\[K/)
  const again = yield* processes.open("pyile", "host", "--listen", host.address, "--password", "secret")
  yield* member.sees(/You are in the network/)
  yield* member.sees(/> /)
  yield* again.type("/exit")
  yield* member.sees(/the connection ended\. Trying again in [12] s\.\r?\n/)
  yield* member.type("\u0003")
  assert.strictEqual(yield* member.ends, 0)
})
