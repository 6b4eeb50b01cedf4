/** `--console`, in real processes: the link and where it is shown, and what is the case without it. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { createServer } from "node:net"
import { folder } from "../test/Folder.ts"
import type { Running } from "../test/Output.ts"
import { processes, run, start } from "../test/Process.ts"
import { live } from "../test/Test.ts"

const { bootstrapping, chatting, connecting, hosting, joining, listening, open, sharing } = processes

const link = /^http:\/\/127\.0\.0\.1:(\d+)\/#([\w-]{22})$/gm

/** Waits for as many links as this, each alone on a line of standard error; gives the last one. */
const links = Effect.fnUntraced(function*(running: Running, count: number) {
  yield* running.prints(new RegExp(`(?:^http://127\\.0\\.0\\.1:\\d+/#[\\w-]{22}\\n[^]*){${count}}`, "m"))
  assert.notMatch(running.stdout(), /127\.0\.0\.1:\d+\/#/)
  const found = [...running.stderr().matchAll(link)]
  assert.strictEqual(found.length, count)
  const [, port = "", invitation = ""] = found.at(-1) ?? []
  return { origin: `http://127.0.0.1:${port}`, invitation }
})

/** Asks as the page does, with the invitation of a link. */
const exchange = ({ invitation, origin }: Effect.Success<ReturnType<typeof links>>) =>
  Effect.promise(() =>
    fetch(`${origin}/session`, { method: "POST", headers: { authorization: `Bearer ${invitation}` } })
  )

/** Leaves, and ends well. */
const leave = Effect.fnUntraced(function*(room: Running) {
  yield* room.type("/exit")
  assert.strictEqual(yield* room.ends, 0)
})

live("shows a link on standard error, also with --json, and a new one for /console", function*() {
  const host = yield* hosting("--console", "0")
  const first = yield* links(host, 1)
  const page = yield* Effect.promise(() => fetch(first.origin))
  assert.strictEqual(page.status, 200)
  assert.match(yield* Effect.promise(() => page.text()), /<!doctype html>/i)
  yield* host.type("/console")
  const second = yield* links(host, 2)
  assert.strictEqual((yield* exchange(first)).status, 401)
  assert.strictEqual((yield* exchange(second)).status, 200)
  assert.strictEqual((yield* exchange(second)).status, 401)
  yield* leave(host)
})

live("on a terminal's lines too, where a page says what the terminal hears", function*() {
  const host = yield* start(["pyile", "host", "--listen", "127.0.0.1:0", "--password", "secret", "--console", "0"])
  yield* host.prints(/See this in a browser on this machine\. The link is good once, for ten minutes:\n/)
  yield* links(host, 1)
  yield* host.type("/help")
  yield* host.prints(/\/console +a new link to the page in a browser/)
  yield* leave(host)
})

live("every command that runs for long has one", function*() {
  const flag = ["--console", "0"]
  const host = yield* hosting(...flag)
  const friends = yield* open("host", "--listen", "127.0.0.1:0", "--passphrase", "open sesame", ...flag)
  const { invitation } = yield* friends.tells("Invitation")
  const friend = yield* open("join", String(invitation), "--passphrase", "open sesame", ...flag)
  const peer = yield* open("chat", "127.0.0.1:0", "--desired-id", "10", ...flag)
  const listener = yield* listening(...flag)
  const bootstrap = yield* bootstrapping(...flag)
  const rooms = [
    yield* joining(host.address, ...flag),
    friend,
    peer,
    yield* connecting(listener.address, ...flag),
    yield* sharing(bootstrap.address, yield* folder(), ...flag),
    host,
    friends,
    listener,
    bootstrap
  ]
  for (const room of rooms) {
    const shown = yield* links(room, 1)
    assert.strictEqual((yield* exchange(shown)).status, 200)
  }
  for (const room of rooms) yield* room.type("/exit")
})

live("says which port is taken, and which command works", function*() {
  const host = yield* hosting("--console", "0")
  const { origin } = yield* links(host, 1)
  const port = new URL(origin).port
  const args = ["pyile", "host", "--listen", "127.0.0.1:0", "--password", "x", "--console", port]
  const { code, stderr } = yield* run(args)
  assert.strictEqual(code, 1)
  assert.include(stderr, `127.0.0.1:${port} is in use by another program. Stop that program or choose another port.\n`)
  assert.match(stderr, /At a free port: .* pyile host --listen 127\.0\.0\.1:0 --password \.\.\. --console 0\n/)
})

live("takes the usual port where none is given, and no other value for one", function*() {
  const holding = yield* Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer()
      // Somebody may have it already: what counts is that it is taken.
      server.on("error", () => resume(Effect.succeed(server)))
      server.listen(4780, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => void server.close())
  )
  assert.isDefined(holding)
  const usual = yield* run(["pyile", "host", "--listen", "127.0.0.1:0", "--password", "x", "--console"])
  assert.match(usual.stderr, /^127\.0\.0\.1:4780 is in use/)
  const wrong = yield* run(["pyile", "host", "--password", "x", "--console=nowhere"])
  assert.strictEqual(wrong.code, 2)
  assert.match(wrong.stderr, /--console takes a port from 0 to 65535, not "nowhere"/)
})

/** Node's flag for a module that counts what is loaded. */
const counting = { NODE_OPTIONS: `--import=${new URL("fixtures/Loaded.mjs", import.meta.url).href}` }

live("is not loaded without the flag, and changes nothing", function*() {
  const modules = Effect.fnUntraced(function*(...flags: ReadonlyArray<string>) {
    const args = ["pyile", "host", "--listen", "127.0.0.1:0", "--password", "x", ...flags]
    const host = yield* start(args, { env: counting })
    yield* host.prints(/Nobody else is here yet/)
    yield* host.type("/console")
    yield* flags.length === 0 ? host.prints(/There is no command \/console/) : links(host, 2)
    yield* leave(host)
    const [, count] = yield* host.prints(/modules of a console: (\d+)\n/)
    return Number(count)
  })
  assert.strictEqual(yield* modules(), 0)
  assert.isAbove(yield* modules("--console", "0"), 20)
  const peer = yield* chatting("10")
  assert.strictEqual(peer.stderr(), "")
})
