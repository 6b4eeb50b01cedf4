/** How the command ends: politely, and with the exit code that says why. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { hosting, joining, run, start } from "./Peerage.ts"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "peerage-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  it.live(`leaves politely at ${signal}, which the host sees`, () =>
    Effect.gen(function*() {
      const host = yield* hosting()
      const member = yield* joining(host.address)
      yield* host.tells("Joined", { peer: member.address })
      yield* member.kill(signal)
      assert.strictEqual(yield* member.ends, 0)
      yield* host.tells("Left", { peer: member.address, reason: "PeerClosed" })
      yield* host.kill(signal)
      assert.strictEqual(yield* host.ends, 0)
      assert.strictEqual(host.stderr() + member.stderr(), "")
    }))
}

it.live("ends with 4 when the host goes", () =>
  Effect.gen(function*() {
    const host = yield* hosting()
    const member = yield* joining(host.address)
    yield* host.type("/exit")
    assert.strictEqual(yield* host.ends, 0)
    assert.strictEqual(yield* member.ends, 4)
    assert.strictEqual(member.stderr().trim().split("\n").length, 1)
  }))

it.live("ends with 4 when nobody listens there, or the name is unknown", () =>
  Effect.gen(function*() {
    const refused = yield* run(["pyile", "join", "127.0.0.1:1", "--password", "x"])
    assert.deepStrictEqual([refused.code, refused.stdout], [4, ""])
    assert.match(refused.stderr, /^No connection to 127\.0\.0\.1:1 \(ECONNREFUSED\)\..*\n$/)
    const unknown = yield* run(["pyile", "join", "nobody.invalid", "--password", "x"])
    assert.strictEqual(unknown.code, 4)
    assert.match(unknown.stderr, /nobody\.invalid/)
  }))

it.live("ends with 1 when the port is taken", () =>
  Effect.gen(function*() {
    const host = yield* hosting()
    const second = yield* run(["pyile", "host", "--listen", host.address, "--password", "x"])
    assert.strictEqual(second.code, 1)
    assert.match(second.stderr, /is in use by another program/)
  }))

it.live("keeps bans in a file across restarts", () =>
  Effect.gen(function*() {
    const file = join(yield* folder, "bans.json")
    const first = yield* hosting("--bans", file)
    yield* first.type("/ban 127.0.0.1", "/ban 10.0.0.0/8 2 hours")
    yield* first.tells("Banned", { host: "10.0.0.0/8" })
    yield* first.type("/exit")
    yield* first.ends
    const second = yield* hosting("--bans", file)
    const member = yield* run(["pyile", "join", second.address, "--password", "secret"])
    assert.strictEqual(member.code, 3)
    yield* second.type("/unban 127.0.0.1", "/bans")
    yield* second.tells("Unbanned", { host: "127.0.0.1" })
    yield* joining(second.address)
  }))

it.live("leaves a damaged file of bans as it is, and does not start", () =>
  Effect.gen(function*() {
    const file = join(yield* folder, "bans.json")
    writeFileSync(file, "{ not json")
    const host = yield* run(["pyile", "host", "--listen", "127.0.0.1:0", "--password", "x", "--bans", file])
    assert.strictEqual(host.code, 1)
    assert.match(host.stderr, /nothing was changed/)
    assert.strictEqual(readFileSync(file, "utf8"), "{ not json")
  }))

it.live("leaves when its reader has gone", () =>
  Effect.gen(function*() {
    const host = yield* hosting()
    host.process.stdout?.destroy()
    yield* host.type("/peers", "/help")
    assert.strictEqual(yield* host.ends, 0)
  }))

it.live("writes logs to standard error, with stacks at DEBUG only", () =>
  Effect.gen(function*() {
    const args = ["pyile", "join", "127.0.0.1:1", "--password", "very-secret", "--log-level"]
    const debug = yield* run([...args, "debug"])
    assert.match(debug.stderr, /DEBUG .*\n(.*\n)*\s+at /)
    const critical = yield* run([...args, "CRITICAL"])
    assert.strictEqual(critical.stderr.trim().split("\n").length, 1)
    assert.notInclude(debug.stderr + critical.stderr, "very-secret")
  }))

it.live("copies the peer's own log to standard error from INFO downward", () =>
  Effect.gen(function*() {
    const host = yield* hosting("--log-level", "info")
    const member = yield* joining(host.address)
    yield* host.prints(new RegExp(`INFO ${member.address} joined`))
  }))

it.live("plays its demo in time", () =>
  Effect.gen(function*() {
    const demo = yield* run(["demo"])
    assert.deepStrictEqual([demo.code, demo.stderr], [0, ""])
    assert.match(demo.stdout, /all as they should be/)
    const json = yield* start(["demo", "--json"])
    assert.strictEqual(yield* json.ends, 0)
    assert.isAbove(json.events().length, 20)
  }))
