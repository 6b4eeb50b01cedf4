/** The commands of the workspace's README, as they stand there. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { Running } from "../test/Output.ts"
import { byNpm, processes, startByNpm } from "../test/Process.ts"
import { live } from "../test/Test.ts"

/** Leaves rooms, one after the other. */
const leave = Effect.fnUntraced(function*(...rooms: ReadonlyArray<Running>) {
  for (const room of rooms) {
    yield* room.type("/exit")
    assert.strictEqual(yield* room.ends, 0)
  }
})

live("npm start hosts a network at the port of the protocol", function*() {
  const host = yield* startByNpm(["start"], { env: { PEERAGE_PASSWORD: "sesame" } })
  yield* host.prints(/Listening at 127\.0\.0\.1:4702|127\.0\.0\.1:4702 is in use by another program/)
  if (!/Listening/.test(host.stdout())) return assert.strictEqual(yield* host.ends, 1)
  yield* host.type("/exit")
  assert.strictEqual(yield* host.ends, 0)
})

live("npm start takes another address, and a taken one leads to a command that works", function*() {
  const host = yield* startByNpm(["start", "--", "--listen", "127.0.0.1:0"], { env: { PEERAGE_PASSWORD: "sesame" } })
  const [, address = ""] = yield* host.prints(/Listening at (127\.0\.0\.1:\d+)/)
  const second = yield* startByNpm(["start", "--", "--listen", address], { env: { PEERAGE_PASSWORD: "sesame" } })
  const [, better = ""] = yield* second.prints(
    /At a free port: npm run -s (peerage -- host --listen 127\.0\.0\.1:0)\n/
  )
  assert.strictEqual(yield* second.ends, 1)
  const third = yield* startByNpm(better.split(" "), { env: { PEERAGE_PASSWORD: "sesame" } })
  yield* third.prints(/Listening at 127\.0\.0\.1:\d+/)
  // Who kills npm leaves its command running.
  yield* leave(third, host)
})

live("npm run peerage joins with any arguments", function*() {
  const host = yield* processes.hosting()
  const member = yield* startByNpm(["peerage", "--", "pyile", "join", host.address, "--json", "--password", "secret"])
  yield* member.tells("Connected")
  yield* member.type("/exit")
  assert.strictEqual(yield* member.ends, 0)
})

live("a friend joins the host of npm start with the line that it prints, and the passphrase", function*() {
  const env = { PEERAGE_PASSPHRASE: "open sesame" }
  const host = yield* startByNpm(["start", "--", "--listen", "127.0.0.1:0"], { env })
  const [, line = ""] = yield* host.prints(
    /npm run -s (peerage -- join peerage:\/\/127\.0\.0\.1:\d+\/pyile#[\w-]{43})\n/
  )
  yield* host.prints(/Everything is encrypted/)
  const friend = yield* startByNpm(line.split(" "), { env })
  yield* friend.prints(/You are in the network/)
  yield* friend.type("hello")
  yield* host.prints(/: hello\n/)
  yield* leave(friend, host)
})

live("npm run peerage -- host is for other machines too", function*() {
  const host = yield* startByNpm(["peerage", "--", "host", "--listen", "0.0.0.0:0", "--passphrase", "open sesame"])
  yield* host.prints(/Listening at 0\.0\.0\.0:\d+, encrypted\./)
  yield* leave(host)
})

live("npm run demo shows a network from its beginning to its end", function*() {
  const demo = yield* startByNpm(["demo"])
  yield* demo.prints(/The host goes home/)
  assert.strictEqual(yield* demo.ends, 0)
})

live("npx peerage in a clone runs what is in the clone, not what a registry has", function*() {
  const here = yield* byNpm("npx", ["--offline", "peerage", "demo"])
  yield* here.prints(/The host goes home/)
  assert.strictEqual(yield* here.ends, 0)
})

live("npm pack packs what is public, with its examples, and nothing private", function*() {
  const packed = yield* byNpm("npm", ["pack", "--workspaces", "--dry-run", "--ignore-scripts", "--json"])
  assert.strictEqual(yield* packed.ends, 0)
  const names = [...packed.stdout().matchAll(/"name": "(@peerage\/[^"]+)"/g)].map(([, name]) => name)
  const all = ["cli", "console", "p2p-chat", "peerpy", "pyile", "pyrate", "secure", "simulate", "transport", "wire"]
  assert.deepStrictEqual(names.sort(), all.map((name) => `@peerage/${name}`))
  for (const path of ["bin/peerage.cjs", "examples/host.ts", "examples/three-hops.ts", "examples/board/run.ts"]) {
    assert.include(packed.stdout(), `"path": "${path}"`)
  }
})
