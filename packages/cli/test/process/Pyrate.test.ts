/** A Pyrate network of real processes: who finds what, and fetches it, in the room and with single commands. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { randomBytes } from "node:crypto"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { run, start } from "./Peerage.ts"
import { bootstrapping, folder, hashOf, sharing } from "./Pyrating.ts"

const film = randomBytes(3 * 1024 * 1024)

it.live("searches, lists and fetches with one command each, and is listed by none of them", () =>
  Effect.gen(function*() {
    const there = yield* folder({ "film.mkv": film, "our song.txt": "la la" })
    const to = yield* folder()
    const node = yield* bootstrapping()
    const one = yield* sharing(node.address, there)
    const two = yield* sharing(node.address, yield* folder({ "our song.txt": "la" }))
    yield* node.tells("Joined", { peer: two.address })

    const search = ["pyrate", "search", "our song.txt", "--bootstrap", node.address, "--wait", "1s"]
    const found = yield* run(search)
    assert.deepStrictEqual([found.code, found.stderr], [0, ""])
    const rows = [one, two].map(({ address }) => `${address.padEnd(15)}  our song.txt`)
    assert.sameMembers(found.stdout.trim().split("\n").slice(1), rows)
    const told = yield* run([...search, "--json"])
    assert.match(told.stdout, new RegExp(`"event":"Hit",.*"name":"our song.txt","peer":"${one.address}"`))
    assert.match(told.stdout, /"event":"Searched",.*"name":"our song.txt","peers":\["[\d.:]+","[\d.:]+"\]/)

    const list = yield* run(["pyrate", "list", one.address])
    assert.deepStrictEqual(list, { code: 0, stdout: "film.mkv\nour song.txt\n", stderr: "" })
    const files = yield* run(["pyrate", "list", one.address, "--json"])
    assert.match(files.stdout, new RegExp(`"Files",.*"peer":"${one.address}","files":\\["film.mkv","our song.txt"\\]`))

    const get = yield* run(["pyrate", "get", one.address, "film.mkv", "--to", to])
    assert.deepStrictEqual(get, { code: 0, stdout: `Saved ${join(to, "film.mkv")} (3.0 MiB).\n`, stderr: "" })
    assert.strictEqual(hashOf(join(to, "film.mkv")), hashOf(join(there, "film.mkv")))
    assert.deepStrictEqual(readdirSync(to), ["film.mkv"])
    yield* one.tells("Served", { name: "film.mkv", to: "127.0.0.1", bytes: film.length })
    yield* node.type("peers")
    yield* node.tells("Peers", { peers: [one.address, two.address] })
  }))

it.live("tells programs of progress, and last of what was saved", () =>
  Effect.gen(function*() {
    const to = yield* folder()
    const node = yield* bootstrapping()
    const one = yield* sharing(node.address, yield* folder({ "film.mkv": film }))
    const { code, stdout } = yield* run(["pyrate", "get", one.address, "film.mkv", "--to", to, "--json"], {
      env: { PYRATE_PROGRESS_EVERY: "1 millis" }
    })
    const events = stdout.trim().split("\n")
    assert.strictEqual(code, 0)
    assert.match(events[0] ?? "", /"event":"Progress",.*"name":"film.mkv","bytes":\d+,"total":3145728\}$/)
    assert.match(events.at(-1) ?? "", /"event":"Saved",.*"name":"film.mkv","path":".*film.mkv","bytes":3145728\}$/)
  }))

it.live("leaves a file that is there, unless it is to be replaced, and nothing of what cannot be had", () =>
  Effect.gen(function*() {
    const to = yield* folder({ "song.txt": "mine" })
    const node = yield* bootstrapping()
    const one = yield* sharing(node.address, yield* folder({ "song.txt": "theirs" }))
    const get = (...args: ReadonlyArray<string>) => run(["pyrate", "get", one.address, ...args, "--to", to])
    const kept = yield* get("song.txt")
    assert.deepStrictEqual([kept.code, kept.stdout], [1, ""])
    assert.match(kept.stderr, /^\S+song\.txt is there already and stays as it is\. .*replace it\.\n$/)
    assert.strictEqual(readFileSync(join(to, "song.txt"), "utf8"), "mine")
    assert.strictEqual((yield* get("song.txt", "--replace")).code, 0)
    assert.strictEqual(readFileSync(join(to, "song.txt"), "utf8"), "theirs")

    const none = yield* get("none.txt", "--json")
    assert.deepStrictEqual([none.code, readdirSync(to)], [1, ["song.txt"]])
    assert.match(none.stdout, /^\{"event":"Failed",.*"command":"peerage pyrate get","reason":"NoSuchFile",.*\}\n$/)
    assert.match(none.stderr, /^The peer shares no file none\.txt\./)
    yield* one.tells("Rejected", { host: "127.0.0.1", reason: "NoSuchFile" })
  }))

it.live("understands the words of the original, and says which line was not done and why", () =>
  Effect.gen(function*() {
    const here = yield* folder({ "mine.txt": "mine" })
    const there = yield* folder({ "our song.txt": "la la" })
    const node = yield* bootstrapping()
    const one = yield* sharing(node.address, there)
    const two = yield* sharing(node.address, here)
    yield* two.tells("Peers", { peers: [one.address] })
    yield* one.type("peers", "GetPeers")
    yield* one.tells("Peers", { peers: [two.address] })
    yield* two.type(`LIST 127.0.0.1 ${one.port}`, "search our song.txt", `Get 127.0.0.1 ${one.port} our song.txt`)
    yield* two.tells("Files", { peer: one.address, files: ["our song.txt"] })
    yield* two.tells("Hit", { name: "our song.txt", peer: one.address })
    yield* two.tells("Saved", { name: "our song.txt", bytes: 5 })
    assert.strictEqual(readFileSync(join(here, "our song.txt"), "utf8"), "la la")
    yield* two.type("/rescan")
    yield* two.tells("Shared", { files: ["mine.txt", "our song.txt"] })

    const again = `GET 127.0.0.1 ${one.port} our song.txt`
    yield* two.type(
      again,
      `/get ${one.address} none.txt`,
      "LIST 127.0.0.1 1",
      "GET here",
      "hello",
      "/commands",
      "/help"
    )
    yield* two.tells("Failed", { command: again, reason: "AlreadyThere" })
    yield* two.tells("Failed", { command: `/get ${one.address} none.txt`, reason: "NoSuchFile" })
    yield* two.tells("Failed", { command: "LIST 127.0.0.1 1", reason: "Unreachable" })
    yield* two.tells("Failed", { command: "GET here", reason: "BadArgument" })
    yield* two.tells("Failed", { command: "hello", reason: "UnknownCommand" })
    yield* two.tells("Commands")
    yield* two.tells("Help")
  }))

it.live("quits when what was typed before is done, as the original does", () =>
  Effect.gen(function*() {
    const [here, there] = [yield* folder(), yield* folder({ "film.mkv": film })]
    const node = yield* bootstrapping()
    const one = yield* sharing(node.address, there)
    const two = yield* sharing(node.address, here)
    yield* two.type(`GET 127.0.0.1 ${one.port} film.mkv`, "QUIT")
    assert.strictEqual(yield* two.ends, 0)
    yield* two.tells("Leaving", { waitsFor: 1 })
    yield* two.tells("Saved", { name: "film.mkv", bytes: film.length })
    assert.strictEqual(hashOf(join(here, "film.mkv")), hashOf(join(there, "film.mkv")))
    yield* node.tells("Left", { peer: two.address, reason: "Unregistered" })
    yield* one.type("QUIT")
    assert.strictEqual(yield* one.ends, 0)
    yield* node.type("quit")
    assert.strictEqual(yield* node.ends, 0)
  }))

it.live("unregisters at SIGINT and SIGTERM, and ends with 0 in spite of a search under way", () =>
  Effect.gen(function*() {
    const node = yield* bootstrapping()
    const one = yield* sharing(node.address, yield* folder())
    const two = yield* sharing(node.address, yield* folder())
    yield* one.type("/search nobody has it.txt")
    yield* one.hangUp
    yield* one.kill("SIGINT")
    assert.strictEqual(yield* one.ends, 0)
    yield* node.tells("Left", { peer: one.address, reason: "Unregistered" })
    yield* two.kill("SIGTERM")
    assert.strictEqual(yield* two.ends, 0)
    yield* node.tells("Left", { peer: two.address, reason: "Unregistered" })
    yield* node.kill("SIGINT")
    assert.strictEqual(yield* node.ends, 0)
    assert.strictEqual(node.stderr() + one.stderr() + two.stderr(), "")
  }))

it.live("tells when the bootstrap is gone, and when it is there again", () =>
  Effect.gen(function*() {
    const node = yield* bootstrapping()
    const one = yield* sharing(node.address, yield* folder(), "--keepalive", "100ms")
    yield* one.tells("Connected", { peer: node.address })
    yield* node.kill("SIGKILL")
    yield* one.tells("Closed", { peer: node.address, reason: "Unreachable" })
    const again = yield* bootstrapping(node.address)
    yield* again.tells("Joined", { peer: one.address })
    yield* one.prints(/"Closed"[^]*"event":"Connected"/)
  }))

it.live("forgets a peer that is not heard of, and looks at its folder again", () =>
  Effect.gen(function*() {
    const directory = yield* folder()
    const node = yield* bootstrapping("127.0.0.1:0", "--expiry", "1s")
    const one = yield* sharing(node.address, directory, "--rescan", "50ms", "--workers", "1")
    writeFileSync(join(directory, "new.txt"), "new")
    yield* one.tells("Shared", { files: ["new.txt"] })
    yield* one.kill("SIGKILL")
    yield* node.tells("Left", { peer: one.address, reason: "Expired" })
  }))

it.live("appends what happens to a log file, and shows it on standard error only where that was asked for", () =>
  Effect.gen(function*() {
    const logs = yield* folder({ "pyrate.log": "before\n" })
    const file = join(logs, "pyrate.log")
    const node = yield* bootstrapping()
    const one = yield* sharing(node.address, yield* folder({ "song.txt": "la" }), "--log-file", file)
    yield* run(["pyrate", "get", one.address, "song.txt", "--to", logs])
    yield* run(["pyrate", "get", one.address, "none.txt", "--to", logs])
    yield* one.tells("Rejected")
    yield* one.type("/exit")
    assert.strictEqual(yield* one.ends, 0)
    const log = readFileSync(file, "utf8")
    assert.match(log, /^before\n\d{4}-\d\d-\d\dT[\d:.]+Z INFO Listening at /)
    assert.match(log, /INFO 127\.0\.0\.1 fetched song\.txt, 2 bytes\n/)
    assert.match(log, /WARNING did not do what 127\.0\.0\.1 asked: there is no such file\n$/)
    assert.strictEqual(one.stderr(), "")
    const loud = yield* start(["pyrate", "bootstrap", "--listen", "127.0.0.1:0", "--log-level", "info"])
    yield* loud.prints(/INFO Listening at 127\.0\.0\.1:\d+\./)
  }))
