/** Encrypted networks of real processes and terminals, with somebody on the way between them. */
import { assert } from "@effect/vitest"
import { Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { PeerKey, Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Layer, Redacted } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Impostor from "../../secure/test/Impostor.ts"
import * as Relay from "../../secure/test/Relay.ts"
import { folder } from "../test/Folder.ts"
import { secret } from "../test/Output.ts"
import { processes, run, start } from "../test/Process.ts"
import { live } from "../test/Test.ts"
import { atTerminal, terminal } from "./AtTerminal.ts"
import { freePort, relay } from "./Relay.ts"

const { befriended, befriending, hosting, open } = processes
const loopback = "127.0.0.1"
// On Linux every address of the loopback is there.
const away = "127.0.0.2"

const portIn = (address: string) => Number(address.slice(address.lastIndexOf(":") + 1))
const passphrase = ["--passphrase", secret]

/** Joins to its end, and gives the code and what was said. */
const joins = (to: string, ...more: ReadonlyArray<string>) =>
  Effect.map(run(["join", to, ...(more.includes("--passphrase") ? [] : passphrase), ...more]), ({ code, stderr }) => [
    code,
    stderr.trim()
  ])

terminal(
  "hosts at one terminal, joins at another with the printed line and the passphrase, and they talk",
  function*() {
    const host = yield* atTerminal("host", "--listen", `${loopback}:0`, "--alias", "ann")
    const [, invitation = ""] = yield* host.sees(/peerage (?:-- )?join (peerage:\/\/\S+\/pyile#[\w-]{43})\r\n/)
    const [, made = ""] = yield* host.sees(/The passphrase, shown this once: ((?:[a-z]+-){7}[a-z]+)\r\n/)
    yield* host.sees(/Everything is encrypted\. Your key is ([0-9a-f]{4}-){3}[0-9a-f]{4}\./)
    yield* host.sees(/\[encrypted\]\S* \S*> /)
    const friend = yield* atTerminal("join", invitation, "--alias", "bob")
    yield* friend.sees(/Passphrase/)
    yield* friend.type(`${made}\r`)
    yield* friend.sees(/You are in the network/)
    yield* friend.sees(/\[encrypted\]\S* \S*> /)
    yield* friend.type("hello\r")
    yield* host.sees(/bob\S* \S+: hello/)
    yield* host.type("welcome\r")
    yield* friend.sees(/ann\S* \S+: welcome/)
    yield* host.type("/inv\t")
    yield* host.sees(/\/invite /)
    yield* host.type("\r")
    yield* host.sees(/Invitation: peerage:\/\//)
    assert.notInclude(friend.output(), made)
    yield* friend.type("/exit\r")
    assert.strictEqual(yield* friend.ends, 0)
    yield* host.type("\u0003")
    assert.strictEqual(yield* host.ends, 0)
  }
)

live("refuses a wrong passphrase, and after five the address", function*() {
  const host = yield* befriending()
  const wrong = [3, "The passphrase is not the one this network uses. Check it before you try again."]
  for (const _ of "12345") assert.deepStrictEqual(yield* joins(host.invitation, "--passphrase", "guess"), wrong)
  const late = [3, "Refused: too many wrong passphrases from here, try again in 10 minutes."]
  assert.deepStrictEqual(yield* joins(host.invitation), late)
  yield* host.tells("Refused", { reason: "TooManyGuesses" })
})

/** What people compare of a key. */
const compared = (key: PeerKey.PeerKey) => Identity.fingerprint(NodeCrypto.primitives, key)

/** Listens with a key of its own and a passphrase that is guessed: somebody in the middle who does not know it. */
const impostor = Effect.gen(function*() {
  const identity = yield* Identity.generate
  const { transport } = yield* SecureTransport.make({ identity, passphrase: Redacted.make("guess"), context: "pyile" })
  const { address } = yield* transport.listen(NetAddress.inetAddressFromStringUnsafe(`${loopback}:0`))
  return { address: NetAddress.formatInet(address), key: identity.key }
}).pipe(Effect.provide(Layer.merge(NodeTransport.layer, NodeCrypto.layer)))

live("refuses somebody in the middle: with other keys, and with changed bytes", function*() {
  const host = yield* befriending()
  const key = PeerKey.parse(host.invitation.slice(-43))
  assert(key !== undefined)
  const middle = yield* impostor
  const [pinned, said] = yield* joins(middle.address, "--pin", key)
  assert.strictEqual(pinned, 3)
  assert.include(
    said,
    `Somebody else answers at ${middle.address}: expected ${compared(key)}, got ${compared(middle.key)}. Do not go on.`
  )
  const wrong = [3, "The passphrase is not the one this network uses. Check it before you try again."]
  assert.deepStrictEqual(yield* joins(middle.address), wrong)

  const way = { from: { host: loopback, port: 0 }, to: { host: loopback, port: portIn(host.address) } }
  const flipping = yield* relay(way, {
    back: (bytes, index) => {
      const changed = Buffer.from(bytes)
      // A byte of the host's sealed key.
      if (index <= 60 && index + bytes.length > 60) changed[60 - index] = (changed[60 - index] ?? 0) ^ 1
      return changed
    }
  })
  const tampered =
    "The connection was tampered with, or the peer runs another protocol. Check that both ends run the same one."
  assert.deepStrictEqual(yield* joins(flipping.address), [3, tampered])
  // The same way without a change leads in.
  const honest = yield* relay(way)
  yield* befriended(`peerage://${honest.address}/pyile#${key}`)
})

live("refuses somebody who shakes hands with both ends and passes on what they say, at both ends", function*() {
  const host = yield* befriending()
  const way = { here: `${loopback}:0`, there: host.address }
  const middle = yield* Transport.Transport.pipe(
    Effect.flatMap((transport) => Relay.relay(transport, way, Impostor.impostor("pyile"))),
    Effect.provide(NodeTransport.layer)
  )
  const wrong = [3, "The passphrase is not the one this network uses. Check it before you try again."]
  assert.deepStrictEqual(yield* joins(NetAddress.formatInet(middle)), wrong)
  yield* host.tells("Refused", { reason: "WrongPassphrase" })
})

const words = ["Rumpelstiltskin", "Schneewittchen", "Dornröschen"]

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
  const heard = yield* overheard(["host", ...passphrase], (to) => ["join", to, ...passphrase])
  assert.isAbove(heard.length, 500)
  for (const word of [...words.map(utf8), secret, "alias", "peers", "Broadcast", "ban", "{\""]) {
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

live("never goes on in plain text, whichever end is plain", function*() {
  const plain = yield* hosting()
  const [code, said] = yield* joins(plain.address)
  assert.strictEqual(code, 3)
  assert.match(String(said), /does not speak the secure protocol/)
  const host = yield* befriending()
  const stranger = yield* run(["pyile", "join", host.address, "--password", secret])
  assert.include([3, 4], stranger.code)
  assert.deepStrictEqual(host.events().filter(({ event }) => event === "Joined"), [])
})
