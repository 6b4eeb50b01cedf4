/** What somebody hears who hears everything, and what logs, events, errors and the list of processes show: no secret. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../test/Folder.ts"
import { secret } from "../test/Output.ts"
import { processes, run, start } from "../test/Process.ts"
import { live } from "../test/Test.ts"
import { freePort, relay } from "./Relay.ts"

const { open } = processes
const loopback = "127.0.0.1"
// On Linux every address of the loopback is there.
const away = "127.0.0.2"

const portIn = (address: string) => Number(address.slice(address.lastIndexOf(":") + 1))
const passphrase = ["--passphrase", secret]

const words = ["Rumpelstiltskin", "Schneewittchen", "Dornröschen"]

/** Words of Pyile's messages. Long ones only: two or three bytes are in random ones by chance, now and then. */
const terms = ["\"banned\": ", "\"authenticated\": ", "\"distro\": ", "\"alias\": "]

/** What passes between a host and a member that says something, all of whose connections to the host lead over relays. */
const overheard = Effect.fnUntraced(
  function*(begins: ReadonlyArray<string>, joins: (to: string) => ReadonlyArray<string>) {
    const [auth, chat, dist] = [yield* freePort, yield* freePort, yield* freePort]
    const relays = yield* Effect.forEach(
      [auth, chat, dist],
      (port) => relay({ from: { host: away, port }, to: { host: loopback, port } })
    )
    const ports = ["--chat-port", `${chat}`, "--dist-port", `${dist}`, "--advertise", away]
    const host = yield* open(...begins, "--listen", `${loopback}:${auth}`, ...ports)
    const member = yield* open(...joins(`${away}:${auth}`), "--alias", words[0] ?? "")
    yield* member.tells("Connected")
    yield* member.type(words.join(" "))
    yield* host.tells("Message", { alias: words[0], data: words.join(" ") })
    return Buffer.concat(relays.map(({ passed }) => passed())).toString("latin1")
  }
)

const utf8 = (text: string) => Buffer.from(text).toString("latin1")

live("shows nothing of what is said to somebody who hears everything, and would without encryption", function*() {
  const plain = yield* overheard(
    ["pyile", "host", "--password", secret],
    (to) => ["pyile", "join", to, "--password", secret]
  )
  assert.include(plain, secret)
  assert.include(plain, "Schneewittchen")
  for (const term of terms) assert.include(plain, term)
  const heard = yield* overheard(["host", ...passphrase], (to) => ["join", to, ...passphrase])
  assert.isAbove(heard.length, 500)
  for (const word of [...words.map(utf8), secret, ...terms, "alias", "peers", "Broadcast", "banned"]) {
    assert.notInclude(heard, word)
  }
})

live("shows nothing of a file, of its name, or of what chat and PeerPy carry", function*() {
  const file = randomBytes(100_000)
  const [there, to] = [yield* folder({ "Rumpelstiltskin.bin": file }), yield* folder()]
  const node = yield* open("pyrate", "bootstrap", "--listen", `${loopback}:0`, ...passphrase)
  const sharer = yield* open(
    "pyrate",
    "share",
    there,
    "--bootstrap",
    node.address,
    "--listen",
    `${loopback}:0`,
    ...passphrase
  )
  // A holder that cannot dial back sends the file on the connection of the request.
  const between = (address: string) =>
    relay({ from: { host: loopback, port: 0 }, to: { host: loopback, port: portIn(address) }, as: away })
  const way = yield* between(sharer.address)
  const got = yield* run(["pyrate", "get", way.address, "Rumpelstiltskin.bin", "--to", to, ...passphrase])
  assert.deepStrictEqual([got.code, readFileSync(join(to, "Rumpelstiltskin.bin")).equals(file)], [0, true])
  assert.isAbove(way.passed().length, file.length)
  for (
    const piece of [utf8("Rumpelstiltskin"), file.toString("latin1", 0, 16), file.toString("latin1", 50_000, 50_016)]
  ) {
    assert.notInclude(way.passed().toString("latin1"), piece)
  }

  const chat = yield* open("chat", `${loopback}:0`, "--desired-id", "10", ...passphrase)
  const chatWay = yield* between(chat.address)
  const other = yield* open("chat", `${loopback}:0`, chatWay.address, "--desired-id", "11", ...passphrase)
  yield* other.tells("Connected")
  yield* other.type(`10 ${words[1]}`)
  yield* chat.tells("Message", { data: words[1] })
  const listener = yield* open("peerpy", "listen", "--listen", `${loopback}:0`, ...passphrase)
  const peerWay = yield* between(listener.address)
  const peer = yield* open("peerpy", "connect", peerWay.address, ...passphrase)
  yield* peer.tells("Connected")
  yield* peer.type(words[2] ?? "")
  yield* listener.tells("Data", { data: words[2] })
  for (const { passed } of [chatWay, peerWay]) {
    assert.isAbove(passed().length, 300)
    for (const word of [...words.map(utf8), "HELLO", "json"]) assert.notInclude(passed().toString("latin1"), word)
  }
})

live("has no secret in its log, its events, its errors and the list of processes", function*() {
  const home = yield* folder({ "secret.txt": `${secret}\n`, "song.txt": "la" })
  const [log, file] = [join(home, "share.log"), join(home, "secret.txt")]
  const quiet = ["--passphrase-file", file, "--log-level", "DEBUG", "--json"]
  const node = yield* start(["pyrate", "bootstrap", "--listen", `${loopback}:0`, ...quiet])
  const address = String((yield* node.tells("Listening"))["address"])
  const key = join(home, "my.key")
  const sharer = yield* start([
    "pyrate",
    "share",
    home,
    "--bootstrap",
    address,
    "--log-file",
    log,
    "--identity",
    key,
    ...quiet
  ])
  yield* node.tells("Joined")
  const command = readFileSync(`/proc/${sharer.process.pid}/cmdline`, "utf8")
  assert.notInclude(command, secret)
  const refused = yield* run(["pyrate", "list", address, "--passphrase", "another", "--log-level", "DEBUG", "--json"])
  assert.strictEqual(refused.code, 3)
  yield* sharer.type("/log", "/rotate other words", "/exit")
  assert.strictEqual(yield* sharer.ends, 0)
  const [, kept = ""] = readFileSync(key, "utf8").trim().split(" ")
  const all = [node, sharer].map(({ stderr, stdout }) => stdout() + stderr()).join("") + refused.stdout + refused.stderr
    + readFileSync(log, "utf8")
  assert.isAbove(all.length, 1000)
  for (const word of [secret, "another", "other words", kept]) assert.notInclude(all, word)
  const help = yield* run(["host", "--help"])
  assert.match(help.stdout, /--passphrase TEXT +The passphrase[^\n]*others on this machine may see it/)
})
