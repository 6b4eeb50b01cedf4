/** The commands of the other protocols with --secure: they talk, share and find as ever, and never with a plain peer. */
import { assert } from "@effect/vitest"
import { Simulation } from "@peerage/transport"
import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { folder, hashOf } from "../Folder.ts"
import { secret } from "../Output.ts"
import { ends, here, passTime, start, tested } from "./InProcess.ts"

const { bootstrapping, chatting, listening, open } = here
const secure = ["--passphrase", secret]

/** An encrypted room that others can join, with its invitation. */
const inviting = function*(...args: ReadonlyArray<string>) {
  const room = yield* open(...args, ...secure)
  return { ...room, invitation: String((yield* room.tells("Invitation"))["invitation"]) }
}

tested("chats by id, and shows the keys of neighbours; a passphrase that is made up is no event", function*() {
  const first = yield* inviting("chat", "127.0.0.1:0", "--desired-id", "10")
  const second = yield* open("chat", "127.0.0.1:0", first.invitation, "--desired-id", "11", ...secure)
  yield* second.tells("Connected", { peer: "10" })
  yield* first.tells("Secured", { by: "Passphrase" })
  yield* second.type("10 hello there")
  yield* first.tells("Message", { from: "11", data: "hello there", sender: "Verified" })
  yield* first.type("11 and back")
  yield* second.tells("Message", { from: "10", data: "and back" })
  yield* first.type("/peers")
  yield* first.prints(/"keys":\{"11":\{"key":"[\w-]{43}","fingerprint":"([0-9a-f]{4}-){3}[0-9a-f]{4}"\}\}/)
  yield* second.type("/peers")
  yield* second.prints(new RegExp(`"keys":\\{"10":\\{"key":"${first.invitation.slice(-43)}"`))
  yield* second.type("/rotate")
  yield* second.prints(/The new passphrase, shown this once: ([a-z]+-){7}[a-z]+/)
  yield* second.tells("Rotated")
  assert.notInclude(second.stdout(), "passphrase")
})

tested("carries PeerPy's values, and finds nobody unless discovery may be plain", function*() {
  const listener = yield* inviting("peerpy", "listen", "--listen", "127.0.0.1:0")
  const other = yield* open("peerpy", "connect", listener.invitation, ...secure)
  yield* other.tells("Connected", { peer: listener.address })
  yield* other.type("/json {\"a\": 1}", "/peers")
  yield* listener.tells("Data", { data: { a: 1 } })
  yield* other.prints(new RegExp(`"keys":\\{"${listener.address}":\\{"key":"${listener.invitation.slice(-43)}"`))
  yield* listener.type("/discover", "/invisible off")
  yield* listener.fails({ "/discover": "PlainOnly", "/invisible off": "PlainOnly" })
  assert.strictEqual(listener.stderr(), "")

  const found = yield* inviting("peerpy", "listen", "--listen", "127.0.0.1:0", "--plain-discovery")
  yield* Simulation.settle
  const search = yield* start(["peerpy", "discover", "--interface", "127.0.0.1"])
  yield* Simulation.elapse("500 millis")
  assert.deepStrictEqual([yield* search.ends, search.stdout()], [0, `${found.address}\n`])
})

tested("shares, lists, searches and fetches", function*() {
  const film = randomBytes(300_000)
  const [there, to] = [yield* folder({ "film.mkv": film }), yield* folder()]
  const node = yield* inviting("pyrate", "bootstrap", "--listen", "127.0.0.1:0")
  const one = yield* inviting("pyrate", "share", there, "--bootstrap", node.invitation)
  const list = yield* ends(["pyrate", "list", one.invitation, ...secure], 0)
  assert.strictEqual(list.stdout, "film.mkv\n")
  yield* ends(["pyrate", "get", one.address, "film.mkv", "--to", to, ...secure], 0)
  assert.strictEqual(hashOf(join(to, "film.mkv")), hashOf(join(there, "film.mkv")))
  const search = yield* start([
    "pyrate",
    "search",
    "film.mkv",
    "--bootstrap",
    node.invitation,
    "--wait",
    "1s",
    ...secure
  ])
  yield* passTime(search.ends)
  assert.include(search.stdout(), one.address)
})

tested("takes a plain peer for an error with every protocol", function*() {
  const [chat, listener, node] = [yield* chatting("10"), yield* listening(), yield* bootstrapping()]
  const peer = yield* here.sharing(node.address, yield* folder({ x: "x" }))
  for (
    const args of [
      ["chat", "127.0.0.1:0", chat.address],
      ["peerpy", "connect", listener.address],
      ["pyrate", "search", "x", "--bootstrap", node.address],
      ["pyrate", "share", yield* folder(), "--bootstrap", node.address],
      ["pyrate", "list", peer.address],
      ["pyrate", "get", peer.address, "x", "--to", yield* folder()]
    ]
  ) {
    const command = yield* start([...args, ...secure])
    const code = yield* passTime(command.ends)
    assert.match(
      command.stderr(),
      /(does not speak the secure protocol|No secure answer in time).*started as peerage host, or with --secure\.$/m,
      args.join(" ")
    )
    assert.include([3, 4], code)
  }
})

tested("is an error for plain peers of every protocol, which say what to add", function*() {
  const chat = yield* inviting("chat", "127.0.0.1:0")
  const listener = yield* inviting("peerpy", "listen", "--listen", "127.0.0.1:0")
  const node = yield* inviting("pyrate", "bootstrap", "--listen", "127.0.0.1:0")
  const peer = yield* inviting("pyrate", "share", yield* folder({ "a.txt": "a" }), "--bootstrap", node.invitation)
  const host = yield* here.befriending()
  for (
    const [code, ...args] of [
      [3, "chat", "127.0.0.1:0", chat.address],
      [3, "peerpy", "connect", listener.address],
      [3, "pyrate", "search", "a.txt", "--bootstrap", node.address],
      [3, "pyrate", "list", peer.address],
      [3, "pyrate", "get", peer.address, "a.txt", "--to", yield* folder()],
      [3, "pyrate", "share", yield* folder(), "--bootstrap", node.address],
      // Its host speaks first, and an encrypted one waits for the joiner: it looks like one that hangs.
      [4, "pyile", "join", host.address, "--password", "swordfish"]
    ] as const
  ) {
    const command = yield* start(args)
    assert.strictEqual(yield* passTime(command.ends), code, args.join(" "))
    assert.match(
      command.stderr(),
      /does so to a plain one: give its invitation in place of the address, or add --secure\./,
      args.join(" ")
    )
    assert.notMatch(command.stdout(), /[Rr]egistered|shares nothing|no peers/)
  }
  yield* chat.tells("Refused", { reason: "PlainPeer" })
  yield* node.tells("Refused", { reason: "PlainPeer" })
  yield* peer.tells("Refused", { reason: "PlainPeer" })
})
