/** Encrypted networks of whole commands: who is admitted, who is refused and with which sentence, and who may come back. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../Folder.ts"
import { secret } from "../Output.ts"
import { here, passTime, run, start, tested } from "./InProcess.ts"

const { befriended, befriending, hosting, openWith } = here

const groups = "[0-9a-f]{4}(-[0-9a-f]{4}){3}"
const fingerprint = new RegExp(`^${groups}$`)

/** Joins in vain, and gives how that ends. */
const joins = Effect.fnUntraced(function*(to: string, ...more: ReadonlyArray<string>) {
  const words = more.some((flag) => ["--allow", "--passphrase"].includes(flag))
    ? more
    : ["--passphrase", secret, ...more]
  const command = yield* start(["join", to, ...words])
  const code = yield* passTime(command.ends)
  return { code, said: command.stderr().trim() }
})

/** The key in an invitation. */
const keyIn = (invitation: string) => invitation.slice(invitation.indexOf("#") + 1)

/** Another key than this one. */
const other = (key: string) => `${key.startsWith("A") ? "B" : "A"}${key.slice(1)}`

/** The key of a file, which is made. */
const keyOf = Effect.fnUntraced(function*(file: string) {
  const { stdout } = yield* run(["key", file])
  return stdout.split("\n")[0] ?? ""
})

tested("admits by the passphrase, talks both ways, and shows whose key is whose", function*() {
  const host = yield* befriending("--alias", "ann")
  assert.match(host.invitation, /^peerage:\/\/127\.0\.0\.1:\d+\/pyile#[\w-]{43}$/)
  yield* host.tells("Invitation", { key: keyIn(host.invitation), kept: false })
  const member = yield* befriended(host.invitation, "--alias", "bob")
  yield* member.tells("Secured", { peer: host.address, key: keyIn(host.invitation), by: "Passphrase" })
  yield* host.tells("Joined", { peer: member.address })
  const { key } = yield* host.tells("Secured", { by: "Passphrase" })
  yield* member.type("hello")
  yield* host.tells("Message", { from: member.address, data: "hello" })
  yield* host.type("welcome")
  yield* member.tells("Message", { data: "welcome", alias: "ann" })
  yield* host.type("/peers")
  const [, shown = ""] = yield* host.prints(/"keys":\{"127\.0\.0\.1:\d+":\{"key":"[\w-]{43}","fingerprint":"([^"]+)"/)
  assert.match(shown, fingerprint)
  assert.include(host.stdout(), `"keys":{"${member.address}":{"key":"${key}"`)
  // Also of those who were there before it came, and with whom it has no connection.
  const late = yield* befriended(host.invitation)
  yield* late.type("/peers")
  yield* late.prints(new RegExp(`"${member.address.replaceAll(".", "\\.")}":\\{"key":"${key}"`))
  for (const { stderr, stdout } of [host, member]) assert.notInclude(stdout() + stderr(), secret)
})

tested("refuses a wrong passphrase, and after five the address for a while; members stay", function*() {
  const host = yield* befriending()
  const member = yield* befriended(host.invitation)
  for (const _ of "12345") {
    const { code, said } = yield* joins(host.invitation, "--passphrase", "guess")
    assert.strictEqual(said, "The passphrase is not the one this network uses. Check it before you try again.")
    assert.strictEqual(code, 3)
  }
  yield* host.tells("Refused", { reason: "WrongPassphrase" })
  const sixth = yield* joins(host.invitation)
  assert.strictEqual(sixth.said, "Refused: too many wrong passphrases from here, try again in 10 minutes.")
  assert.strictEqual(sixth.code, 3)
  yield* host.tells("Refused", { reason: "TooManyGuesses" })
  yield* member.type("still here")
  yield* host.tells("Message", { data: "still here" })
  assert.notInclude(host.stdout() + host.stderr(), "guess\"")
})

tested("gives up a wrong passphrase at once with --reconnect too, as each try is a guess", function*() {
  const host = yield* befriending()
  assert.strictEqual((yield* joins(host.invitation, "--passphrase", "guess", "--reconnect")).code, 3)
  yield* host.tells("Refused", { reason: "WrongPassphrase" })
  assert.strictEqual(host.events().filter(({ event }) => event === "Refused").length, 1)
})

tested("tells a person whose key is whose once, and that nothing vouches for it without an invitation", function*() {
  const host = yield* befriending()
  const plainly = (to: string) => start(["join", to, "--passphrase", secret])
  const invited = yield* plainly(host.invitation)
  yield* passTime(invited.prints(new RegExp(`${host.address} has the key ([0-9a-f]{4}-){3}[0-9a-f]{4}\n`)))
  const trusting = yield* plainly(host.address)
  yield* passTime(trusting.prints(/has the key \S+\. No invitation said so: ask there whether it is the right one\n/))
  yield* invited.type("/peers")
  yield* invited.prints(/ {2}127\.0\.0\.1:\d+ {2}([0-9a-f]{4}-){3}[0-9a-f]{4}\n/)
  assert.strictEqual(invited.stdout().match(/has the key/g)?.length, 1)
})

tested("admits keys that are allowed without any passphrase, and tells others the key to give", function*() {
  const home = yield* folder()
  const [hostKey, friendKey] = [yield* keyOf(join(home, "host.key")), yield* keyOf(join(home, "friend.key"))]
  const host = yield* befriending("--identity", join(home, "host.key"), "--allow", friendKey)
  yield* host.tells("Invitation", { key: hostKey, kept: true })
  const friend = yield* befriended(host.invitation, "--identity", join(home, "friend.key"), "--allow", hostKey)
  yield* friend.tells("Secured", { key: hostKey, by: "Key" })
  const stranger = yield* joins(host.invitation, "--identity", join(home, "stranger.key"))
  const ownKey = yield* keyOf(join(home, "stranger.key"))
  assert.strictEqual(stranger.said, `This peer admits only keys it knows. Give it yours: ${ownKey}.`)
  assert.strictEqual(stranger.code, 3)
})

tested("does not go on where another key answers than the invitation says", function*() {
  const host = yield* befriending()
  const expected = other(keyIn(host.invitation))
  const { code, said } = yield* joins(host.address, "--pin", expected)
  const { fingerprint } = yield* host.tells("Invitation")
  assert.match(
    said,
    new RegExp(`^Somebody else answers at ${host.address}: expected ${groups}, got ${fingerprint}\\. Do`)
  )
  assert.include(
    said,
    "--identity: ask there which it has now, and start this command anew, best with a new invitation."
  )
  assert.strictEqual(code, 3)
})

tested("refuses a peer that has its own key", function*() {
  const file = join(yield* folder(), "one.key")
  const host = yield* befriending("--identity", file)
  const { code, said } = yield* joins(host.invitation, "--identity", file)
  assert.strictEqual(said, "Both ends have the same key. Give each peer a key file of its own.")
  assert.strictEqual(code, 3)
  yield* host.tells("Refused", { reason: "OwnKey", key: keyIn(host.invitation) })
})

tested("bans a peer by its key and its address, removes it, and offers another passphrase", function*() {
  const file = join(yield* folder(), "friend.key")
  const host = yield* befriending()
  const friend = yield* befriended(host.invitation, "--identity", file)
  yield* host.tells("Joined", { peer: friend.address })
  yield* host.type(`/ban ${friend.address}`)
  const key = yield* keyOf(file)
  yield* host.tells("Banned", { host: key, key })
  yield* host.tells("Banned", { host: "127.0.0.1" })
  yield* host.tells("Left", { peer: friend.address, reason: "Banned" })
  assert.strictEqual(yield* passTime(friend.ends), 4)
  yield* friend.tells("Closed", { reason: "PeerClosed" })
  const { code, said } = yield* joins(host.invitation, "--identity", file)
  assert.strictEqual(said, "Refused: banned. Ask for the ban to be lifted.")
  assert.strictEqual(code, 3)
  yield* host.type(`/unban 127.0.0.1`)
  yield* host.tells("Unbanned", { host: "127.0.0.1" })
  assert.strictEqual((yield* joins(host.invitation, "--identity", file)).code, 3)
  yield* befriended(host.invitation)
  yield* host.type("/ban 127.0.0.1:1")
  yield* host.fails({ "/ban 127.0.0.1:1": "NotAMember" })
})

tested("changes the passphrase for newcomers while members stay, and come back", function*() {
  const file = join(yield* folder(), "friend.key")
  const host = yield* befriending()
  const friend = yield* befriended(host.invitation, "--identity", file, "--reconnect")
  yield* host.type("/rotate another one")
  yield* host.tells("Rotated")
  yield* friend.type("still here")
  yield* host.tells("Message", { data: "still here" })
  assert.strictEqual((yield* joins(host.invitation)).code, 3)
  const newcomer = yield* befriended(host.invitation, "--passphrase", "another one")
  yield* passTime(friend.tells("Joined", { peer: newcomer.address }))
  yield* newcomer.type("/rotate", "nice to meet you")
  yield* newcomer.fails({ "/rotate": "HostOnly" })
  yield* friend.tells("Message", { from: newcomer.address, data: "nice to meet you" })
  yield* friend.type("/exit")
  yield* passTime(friend.ends)
  const again = yield* befriended(host.invitation, "--identity", file, "--allow", keyIn(host.invitation))
  yield* again.type("back by my key")
  yield* host.tells("Message", { data: "back by my key" })
  assert.notInclude(host.stdout(), "another one")
})

tested("takes a plain peer at either end for an error, and never speaks plainly", function*() {
  const plain = yield* hosting()
  const { code, said } = yield* joins(plain.address, "--passphrase", "secret")
  assert.strictEqual(
    said,
    `${plain.address} does not speak the secure protocol. Check the address, or that it was started with it. `
      + "A peer that is encrypted is started as peerage host, or with --secure."
  )
  assert.strictEqual(code, 3)
  const host = yield* befriending()
  const stranger = yield* start(["pyile", "join", host.address, "--password", "swordfish"])
  assert.strictEqual(yield* passTime(stranger.ends), 4)
  // It waits for the host's first word, and gives up.
  yield* host.tells("Refused", { reason: "Truncated" })
})

tested("makes a key, shows it again, and keeps it to its owner", function*() {
  const file = join(yield* folder(), "deep", "my.key")
  const { code, stdout } = yield* run(["key", file])
  assert.strictEqual(code, 0)
  const [key = "", groups = ""] = stdout.split("\n")
  assert.match(key, /^[\w-]{43}$/)
  assert.match(groups, fingerprint)
  assert.strictEqual((yield* run(["key", file])).stdout, stdout)
  assert.include((yield* run(["key", file, "--json"])).stdout, `"event":"Key"`)
  assert.strictEqual(statSync(file).mode & 0o777, 0o600)
  assert.notInclude(readFileSync(file, "utf8"), key)
})

tested("reports all mistakes in the flags at once", function*() {
  const { code, stderr } = yield* run([
    "join",
    "peerage://127.0.0.1:1/pyile#short",
    "--allow",
    "x",
    "--pin",
    "y",
    "--passphrase",
    "one",
    "--passphrase-file",
    "none.txt"
  ])
  assert.strictEqual(code, 2)
  assert.match(stderr, /INVITATION takes a whole invitation \(the invitation's key is cut off/)
  assert.match(stderr, /--allow takes the 43 characters of a key/)
  assert.match(stderr, /--pin takes the 43 characters of a key/)
  assert.match(stderr, /--passphrase and --passphrase-file are two passphrases; give one/)
  assert.match(stderr, /cannot read none\.txt: .*whose first line is the passphrase/)
})

tested("takes the flags from the environment, where several keys have commas between them", function*() {
  const wrong = yield* run(["host"], { env: { PEERAGE_ALLOW: `${"A".repeat(43)}, x` } })
  assert.strictEqual(wrong.code, 2)
  assert.match(wrong.stderr, /PEERAGE_ALLOW takes the 43 characters of a key, .*, not "x"/)
  const chat = yield* openWith({ env: { PEERAGE_PASSPHRASE: secret } }, "chat", "127.0.0.1:0")
  yield* chat.tells("Invitation")
  const plain = yield* run(["pyile", "host"], { env: { PEERAGE_SECURE: "true" } })
  assert.match(plain.stderr, /a passphrase is missing/)
})

tested("asks for a passphrase where there is no terminal to ask at, and for the right kind of invitation", function*() {
  const missing = yield* run(["host", "--listen", "127.0.0.1:0"])
  assert.strictEqual(missing.code, 2)
  assert.match(missing.stderr, /a passphrase is missing: give --passphrase-file, PEERAGE_PASSPHRASE or --passphrase/)
  const invitation = `peerage://127.0.0.1:1/pyile#${"A".repeat(43)}`
  const chat = yield* run(["chat", "127.0.0.1:0", invitation, "--passphrase", "x"])
  assert.match(chat.stderr, /PEER_ADDRESS takes an invitation for this command \(this one is for peerage join\), not/)
  // A name that every object has, and no protocol.
  const unknown = yield* run(["join", invitation.replace("pyile", "constructor"), "--passphrase", "x"])
  assert.match(unknown.stderr, /\(this one is for a protocol that is not known here\), not/)
  const quoted = yield* run(["join", `"${invitation}"`, "--passphrase", "x"])
  assert.match(quoted.stderr, /takes a whole invitation \(this is not an invitation: it does not begin with peerage:/)
  const two = yield* run(["join", invitation, "--pin", `B${"A".repeat(42)}`, "--passphrase", "x"])
  assert.match(two.stderr, /--pin and the invitation have two keys/)
  const nobody = yield* run(["chat", "127.0.0.1:0", "--pin", "A".repeat(43), "--passphrase", "x"])
  assert.match(nobody.stderr, /--pin is for the peer that you name, and you name none/)
})

tested("shows the invitation again, and has it only where somebody can join", function*() {
  const host = yield* befriending()
  const member = yield* befriended(host.invitation)
  yield* host.type("/invite")
  yield* passTime(host.prints(/"Invitation"[^]*"Invitation"/))
  yield* member.type("/invite")
  yield* member.fails({ "/invite": "NotListening" })
})
