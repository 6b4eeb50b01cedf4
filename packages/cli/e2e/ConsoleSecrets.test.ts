/** What pages are told of real sessions: how others join, and nothing secret, whatever the protocol and the role. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ask, call, open as dial } from "../../console/e2e/support/Wire.ts"
import { folder } from "../test/Folder.ts"
import type { Running } from "../test/Output.ts"
import { processes, run, start } from "../test/Process.ts"
import { live } from "../test/Test.ts"

const passphrase = "open sesame"
const canary = "do-not-tell-0815"
const loopback = ["--listen", "127.0.0.1:0"]
const link = /^http:\/\/127\.0\.0\.1:(\d+)\/#([\w-]{22})$/m

/** A page of a running command, and what only its process and that page may know. */
const look = Effect.fnUntraced(function*(running: Running, ...calls: ReadonlyArray<readonly [string, unknown]>) {
  yield* running.prints(link)
  const [, port = "", invitation = ""] = link.exec(running.stderr() + running.stdout()) ?? []
  const headers = { authorization: `Bearer ${invitation}` }
  const { text: key } = yield* ask(Number(port), "/session", { method: "POST", headers })
  const page = yield* dial(Number(port), key)
  calls.forEach(([tag, payload], index) => page.send(call(index + 1, tag, payload)))
  return { page, secrets: [invitation, key] }
})

const watch = [["About", null], ["Watch", { conversation: "", hidden: false }]] as const

/** A room that is encrypted, whose key is in a file, and its page. */
const begin = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
  const identity = join(yield* folder(), "my.key")
  const room = yield* processes.openWith(
    { env: { PEERAGE_CANARY: canary } },
    ...args,
    ...["--passphrase", passphrase, "--identity", identity, "--console", "0"]
  )
  const { page, secrets } = yield* look(room, ...watch)
  yield* page.hears(/"first":true/)
  const [, own = assert.fail("no key")] = /^peerage-key-1 ([\w-]{43})$/m.exec(readFileSync(identity, "utf8")) ?? []
  return { ...room, page, secrets: [...secrets, own] }
})

/** The same, with its invitation. */
const inviting = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
  const room = yield* begin(...args)
  return { ...room, invitation: String((yield* room.tells("Invitation"))["invitation"]) }
})

live("no page of an encrypted room is told a secret, and each says how others join", function*() {
  const host = yield* inviting("host", ...loopback)
  const member = yield* begin("join", host.invitation)
  const peer = yield* inviting("chat", "127.0.0.1:0", "--desired-id", "10")
  const neighbour = yield* begin("chat", "127.0.0.1:0", peer.invitation, "--desired-id", "20")
  const listener = yield* inviting("peerpy", "listen", ...loopback)
  const dialer = yield* begin("peerpy", "connect", listener.invitation)
  const bootstrap = yield* inviting("pyrate", "bootstrap", ...loopback)
  const sharer = yield* begin(
    "pyrate",
    "share",
    yield* folder({ "song.txt": "la" }),
    "--bootstrap",
    bootstrap.invitation
  )

  const guess = yield* run(["join", host.invitation, "--passphrase", "another secret"])
  assert.strictEqual(guess.code, 3)
  yield* member.type("hello")
  yield* neighbour.type("10 hello")
  yield* dialer.type("hello")
  const rooms = [
    { room: host, hears: /hello/, names: host.invitation },
    { room: member, hears: /hello/, names: host.invitation },
    { room: peer, hears: /hello/, names: peer.invitation },
    { room: neighbour, hears: /hello/, names: "peerage://" },
    { room: listener, hears: /hello/, names: listener.invitation },
    { room: dialer, hears: /hello/, names: undefined },
    { room: bootstrap, hears: /"event":"Joined"/, names: bootstrap.invitation },
    { room: sharer, hears: /song\.txt/, names: bootstrap.invitation }
  ]
  const hidden = [passphrase, "another secret", canary, process.cwd(), ...rooms.flatMap(({ room }) => room.secrets)]
  for (const { hears, names, room: { page } } of rooms) {
    yield* page.hears(hears)
    yield* page.hears(/"about"|"protocol":/)
    const told = page.received()
    if (names !== undefined) assert.include(told, names)
    for (const secret of hidden) assert.notInclude(told, secret)
    assert.notMatch(told, /node_modules|\.ts:\d|"stack"/)
  }
  for (const { room } of rooms) yield* room.type("/exit")
})

live("no page of a plain Pyile room is told the password, nor one of a simulation that of its hosts", function*() {
  const password = "correct horse battery"
  const plain = ["--password", password, "--console", "0"]
  const host = yield* processes.open("pyile", "host", ...loopback, ...plain)
  const member = yield* processes.open("pyile", "join", host.address, ...plain)
  const stage = yield* start(["simulate", "wrong-password", "--speed", "16", "--console", "0"])
  const pages = [
    { ...(yield* look(host, ...watch)), hears: /hello/ },
    { ...(yield* look(member, ...watch)), hears: /hello/ },
    { ...(yield* look(stage, ["About", null], ["Play", { hidden: false }])), hears: /is banned/ }
  ]
  yield* member.type("hello")
  for (const { hears, page, secrets } of pages) {
    yield* page.hears(hears)
    for (const secret of [password, "sesame", process.cwd(), ...secrets]) assert.notInclude(page.received(), secret)
  }
  yield* member.type("/exit")
  yield* host.type("/exit")
})
