/** How the Pyrate commands end where they cannot do their work, what they say to people, and the room at a terminal. */
import { assert, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { createHash } from "node:crypto"
import { createServer, type Socket } from "node:net"
import { join } from "node:path"
import { atTerminalWith, script } from "./AtTerminal.ts"
import { run, start } from "./Peerage.ts"
import { bootstrapping, folder, hashOf, sharing } from "./Pyrating.ts"

const nobody = "127.0.0.1:1"

for (
  const args of [
    ["list", nobody],
    ["get", nobody, "song.txt"],
    ["search", "song.txt", "--bootstrap", nobody],
    ["share", ".", "--bootstrap", nobody]
  ]
) {
  it.live(`ends with 4 and one sentence at pyrate ${args.join(" ")}, where nobody listens`, () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run(["pyrate", ...args])
      assert.deepStrictEqual([code, stdout], [4, ""])
      assert.match(stderr, /^No connection to 127\.0\.0\.1:1 \(ECONNREFUSED\)\. [^\n]+\n$/)
    }))
}

for (
  const [args, ...said] of [
    [["bootstrap", "--listen", "everywhere", "--expiry", "soon"], "--listen takes", "--expiry takes"],
    [["share"], "DIR is missing", "--bootstrap is missing"],
    [
      ["share", "no such folder", "--bootstrap", "a b", "--advertise", "me", "--workers", "0", "--keepalive", "x"],
      "DIR takes a folder that exists",
      "--bootstrap takes",
      "--advertise takes",
      "--workers takes",
      "--keepalive takes"
    ],
    [["share", ".", "--bootstrap", nobody, "--log-file", "no/such/file"], "--log-file takes a file in a folder"],
    [["list"], "HOST:PORT is missing"],
    [["list", "127.0.0.1"], "HOST:PORT takes"],
    [["get", "127.0.0.1:79422", "../x", "--to", "no such folder"], "HOST:PORT takes", "NAME takes", "--to takes"],
    [["get", nobody], "NAME is missing"],
    [["search", "a:b", "--ttl", "11", "--wait", "-1"], "NAME takes", "--bootstrap is missing", "--ttl takes"]
  ] as const
) {
  it.live(`ends with 2 and all mistakes at pyrate ${args.join(" ")}`, () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run(["pyrate", ...args])
      assert.deepStrictEqual([code, stdout], [2, ""])
      for (const mistake of said) assert.include(stderr, mistake)
      assert.match(stderr, /See peerage pyrate \w+ --help\n$/)
    }))
}

it.live("shows examples in its help, and takes its numbers from the environment", () =>
  Effect.gen(function*() {
    for (const command of [[], ["share"], ["search"]]) {
      const { code, stdout } = yield* run(["pyrate", ...command, "--help"])
      assert.strictEqual(code, 0)
      assert.match(stdout, /EXAMPLES\n[^]*peerage pyrate/)
    }
    const wrong = yield* run(["pyrate", "list", nobody], { env: { PYRATE_MAX_WORKERS: "none" } })
    assert.strictEqual(wrong.code, 2)
    assert.include(wrong.stderr, "PYRATE_MAX_WORKERS takes")
  }))

it.live("ends with 1 where its port is in use, and with 2 where nobody could reach it", () =>
  Effect.gen(function*() {
    const node = yield* bootstrapping()
    const same = yield* run(["pyrate", "bootstrap", "--listen", node.address])
    assert.strictEqual(same.code, 1)
    assert.match(same.stderr, /is in use by another program/)
    const nowhere = ["pyrate", "share", ".", "--bootstrap", node.address, "--advertise", "0.0.0.0"]
    assert.strictEqual((yield* run(nowhere)).code, 2)
  }))

it.live("speaks in plain lines where standard input is no terminal", () =>
  Effect.gen(function*() {
    const node = yield* start(["pyrate", "bootstrap", "--listen", "127.0.0.1:0"])
    const [, address = ""] = yield* node.prints(/Listening at (\S+)\. Share a folder/)
    yield* node.prints(/peerage pyrate share FOLDER --bootstrap 127\.0\.0\.1:\d+\n/)
    const directory = yield* folder({ "song.txt": "la la" })
    const peer = yield* start(["pyrate", "share", directory, "--bootstrap", address])
    yield* peer.prints(/Sharing 1 file of \S+ at 127\.0\.0\.1:\d+\./)
    const [, self = ""] = yield* peer.prints(/peerage pyrate list (127\.0\.0\.1:\d+)\n/)
    yield* node.prints(/\d\d:\d\d:\d\d \+ 127\.0\.0\.1:\d+ registered\n/)
    yield* peer.type("/files", `/list ${self}`, "/search none.txt", "GET")
    yield* peer.prints(/You share 1 file:\n {2}song\.txt\n/)
    yield* peer.prints(/PEER +FILE\n127\.0\.0\.1:\d+ {2}song\.txt\n/)
    yield* peer.prints(/This goes as GET <server> <port> <filename>, such as/)
    yield* peer.prints(/\d\d:\d\d:\d\d Nobody said that they have none\.txt\.\n/)
    yield* peer.type("/exit")
    assert.strictEqual(yield* peer.ends, 0)
    yield* node.prints(/\d\d:\d\d:\d\d - 127\.0\.0\.1:\d+ left\n/)
    assert.notInclude(node.stdout() + peer.stdout(), "\u001B")
  }))

const content = Buffer.alloc(1024 * 1024, "peerage ")
const Bound = Schema.decodeUnknownSync(Schema.Struct({ port: Schema.Int }))

/** A holder that sends half of a file, and the rest when it is told to. */
const holder = Effect.gen(function*() {
  let rest = () => {}
  const signal = (words: string) => `\0pyrate+ ${words}\n`
  const send = (socket: Socket) => {
    socket.on("error", () => {})
    socket.write(signal(`found ${content.length}`) + signal("here"))
    socket.write(content.subarray(0, content.length / 4))
    rest = () => {
      socket.write(content.subarray(content.length / 4, content.length / 2))
      rest = () => {
        socket.write(content.subarray(content.length / 2))
        socket.end(signal(`digest ${createHash("sha256").update(content).digest("hex")}`))
      }
    }
  }
  const server = yield* Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer({ allowHalfOpen: true }, (socket) => socket.once("end", () => send(socket)).resume())
        .listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => void server.close())
  )
  return { port: Bound(server.address()).port, more: Effect.sync(() => rest()) }
})

const often = { PYRATE_PROGRESS_EVERY: "0 millis" }

it.live.skipIf(!script)(
  "shows a bar above the prompt while a file is fetched, and what is typed below it",
  () =>
    Effect.gen(function*() {
      const { more, port } = yield* holder
      const [directory, node] = [yield* folder(), yield* bootstrapping()]
      const peer = yield* atTerminalWith(often, ["pyrate", "share", directory, "--bootstrap", node.address])
      yield* peer.sees(/> /)
      yield* peer.type(`/get 127.0.0.1:${port} our film.mkv\r`)
      yield* peer.sees(/our film\.mkv {2}\S*█\S*░+\S* +25% {2}256 KiB of 1\.0 MiB/)
      yield* peer.type("half a line")
      yield* peer.sees(/half a line/)
      yield* more
      yield* peer.sees(/ 50% {2}512 KiB of 1\.0 MiB {2}\S+ \S+\/s {2}\d+:\d\d left\r\n[^\n]*half a line/)
      yield* more
      yield* peer.sees(/fetched our film\.mkv, 1\.0 MiB: /)
      assert.strictEqual(hashOf(join(directory, "our film.mkv")), createHash("sha256").update(content).digest("hex"))
      yield* peer.type("\u0003")
      assert.strictEqual(yield* peer.ends, 0)
      yield* node.tells("Left", { reason: "Unregistered" })
    })
)

it.live.skipIf(!script)(
  "shows a bar in one line while a file is fetched with one command",
  () =>
    Effect.gen(function*() {
      const { more, port } = yield* holder
      const directory = yield* folder()
      const get = yield* atTerminalWith(often, ["pyrate", "get", `127.0.0.1:${port}`, "film.mkv", "--to", directory])
      yield* get.sees(/\rfilm\.mkv {2}\S*█\S*░+\S* +25% {2}256 KiB of 1\.0 MiB[^\r]*\u001B\[K/)
      yield* more
      yield* get.sees(/ 50% {2}512 KiB of 1\.0 MiB {2}/)
      yield* more
      assert.strictEqual(yield* get.ends, 0)
      assert.match(get.output(), /\r\u001B\[KSaved \S+film\.mkv \(1\.0 MiB\)\.\r\n$/)
    })
)

it.live("shares with peers that the bootstrap tells of later, and finds what they have", () =>
  Effect.gen(function*() {
    const node = yield* bootstrapping()
    const one = yield* sharing(node.address, yield* folder())
    const two = yield* sharing(node.address, yield* folder({ "late.txt": "late" }))
    yield* one.type("/search late.txt", "/getpeers", "/search late.txt")
    yield* one.tells("Failed", { command: "/search late.txt", reason: "UnderWay" })
    yield* one.tells("Peers", { peers: [two.address] })
    yield* one.tells("Searched", { name: "late.txt", peers: [] })
    yield* one.type("/search late.txt")
    yield* one.tells("Hit", { name: "late.txt", peer: two.address })
  }))
