/** Each command once as a real process, over real sockets; `e2e/` has the rest of what needs processes and terminals. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { createSocket } from "node:dgram"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { folder } from "./Folder.ts"
import { processes, run, start } from "./Process.ts"
import { live } from "./Test.ts"

const { bootstrapping, chatting, connecting, hosting, joining, sharing } = processes

live("pyile host and pyile join", function*() {
  const host = yield* hosting()
  const member = yield* joining(host.address, "--alias", "ann")
  yield* member.type("hello", "/exit")
  yield* host.tells("Message", { alias: "ann", data: "hello" })
  assert.strictEqual(yield* member.ends, 0)
  yield* host.type("/exit")
  assert.deepStrictEqual([yield* host.ends, host.stderr()], [0, ""])
})

live("chat", function*() {
  const a = yield* chatting("10")
  const b = yield* chatting("11", { join: a.address })
  yield* b.type("10 hello", "end")
  yield* a.tells("Message", { from: "11", data: "hello" })
  assert.deepStrictEqual([yield* b.ends, b.stderr()], [0, ""])
})

/** A UDP port that nobody else looks for peers at. */
const quietPort = Effect.callback<number>((resume) => {
  const socket = createSocket("udp4")
  socket.bind(0, () => {
    const { port } = socket.address()
    socket.close(() => resume(Effect.succeed(port)))
  })
})

live("peerpy listen, peerpy connect and peerpy discover", function*() {
  const options = { env: { PEERPY_DISCOVERY_PORT: String(yield* quietPort) } }
  const a = yield* processes.openWith(options, "peerpy", "listen", "--listen", "127.0.0.1:0")
  const found = yield* run(["peerpy", "discover", "--interface", "127.0.0.1"], options)
  assert.deepStrictEqual(found, { code: 0, stdout: `${a.address}\n`, stderr: "" })
  const b = yield* connecting(a.address, "--type", "raw")
  yield* b.type("hello", "/exit")
  yield* a.tells("Data", { peer: b.address, data: "hello" })
  assert.deepStrictEqual([yield* b.ends, b.stderr()], [0, ""])
})

live("pyrate bootstrap, share, search, list and get", function*() {
  const to = yield* folder()
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, yield* folder({ "our song.txt": "la la" }))
  const search = yield* start([
    "pyrate",
    "search",
    "our song.txt",
    "--bootstrap",
    node.address,
    "--wait",
    "1s",
    "--json"
  ])
  yield* search.tells("Hit", { name: "our song.txt", peer: one.address })
  const list = yield* run(["pyrate", "list", one.address])
  assert.deepStrictEqual(list, { code: 0, stdout: "our song.txt\n", stderr: "" })
  const get = yield* run(["pyrate", "get", one.address, "our song.txt", "--to", to])
  assert.deepStrictEqual([get.code, get.stderr], [0, ""])
  assert.strictEqual(readFileSync(join(to, "our song.txt"), "utf8"), "la la")
  yield* one.type("QUIT")
  assert.deepStrictEqual([yield* one.ends, one.stderr()], [0, ""])
  assert.strictEqual(yield* search.ends, 0)
})
