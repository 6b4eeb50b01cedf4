/** A Pyrate network of whole commands: who finds what, and fetches it, in the room and with single commands. */
import { assert } from "@effect/vitest"
import { Simulation } from "@peerage/transport"
import { Effect } from "effect"
import { randomBytes } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { folder, hashOf } from "../Folder.ts"
import { here, passTime, run, start, tested } from "./InProcess.ts"

const { bootstrapping, sharing } = here
const film = randomBytes(3 * 1024 * 1024)

/** Runs a search to its end, whose time passes once a hit has arrived. */
const searching = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
  const search = yield* start(["pyrate", "search", ...args])
  yield* Simulation.elapse("1 second")
  return { code: yield* search.ends, stdout: search.stdout(), stderr: search.stderr() }
})

tested("searches, lists and fetches with one command each, and is listed by none of them", function*() {
  const there = yield* folder({ "film.mkv": film, "our song.txt": "la la" })
  const to = yield* folder()
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, there)
  const two = yield* sharing(node.address, yield* folder({ "our song.txt": "la" }))
  yield* node.tells("Joined", { peer: two.address })

  const search = ["our song.txt", "--bootstrap", node.address, "--wait", "1s"]
  const found = yield* searching(...search)
  assert.deepStrictEqual([found.code, found.stderr], [0, ""])
  const rows = [one, two].map(({ address }) => `${address.padEnd(15)}  our song.txt`)
  assert.sameMembers(found.stdout.trim().split("\n").slice(1), rows)
  const told = yield* searching(...search, "--json")
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
})

tested("lists as many files as there are", function*() {
  const names = Array.from({ length: 20_000 }, (_, number) => `file ${String(number).padStart(60, "0")}.txt`)
  const there = yield* folder(Object.fromEntries(names.map((name) => [name, ""])))
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, there)
  const list = yield* run(["pyrate", "list", one.address])
  assert.deepStrictEqual([list.code, list.stderr], [0, ""])
  assert.deepStrictEqual(list.stdout.trim().split("\n"), names)
  const { stdout } = yield* run(["pyrate", "list", one.address, "--json"])
  assert.strictEqual(stdout.match(/\.txt"/g)?.length, names.length)
})

tested("says on standard error that nobody has a file or there are no peers, which is no failure", function*() {
  const node = yield* bootstrapping()
  const nobody = yield* run(["pyrate", "search", "none.txt", "--bootstrap", node.address])
  assert.deepStrictEqual(nobody, { code: 0, stdout: "", stderr: `There are no peers at ${node.address}.\n` })
  const one = yield* sharing(node.address, yield* folder())
  const none = yield* searching("none.txt", "--bootstrap", node.address, "--wait", "1s")
  assert.deepStrictEqual([none.code, none.stdout], [0, ""])
  assert.match(
    none.stderr,
    /^None of 1 peer at \S+, nor theirs, said within 1s that they have none\.txt\. They answer by connecting to [\d.:]+; .*--advertise\.\n$/
  )
  const list = yield* run(["pyrate", "list", one.address])
  assert.deepStrictEqual(list, {
    code: 0,
    stdout: "",
    stderr: `${one.address} shares nothing; if it is a bootstrap, ask one of its peers.\n`
  })
})

tested("tells programs of progress, and last of what was saved", function*() {
  const to = yield* folder()
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, yield* folder({ "film.mkv": film }))
  const env = { PYRATE_PROGRESS_EVERY: "0 millis" }
  const { code, stdout } = yield* run(["pyrate", "get", one.address, "film.mkv", "--to", to, "--json"], { env })
  const events = stdout.trim().split("\n")
  assert.strictEqual(code, 0)
  assert.match(events[0] ?? "", /"event":"Progress",.*"name":"film.mkv","bytes":\d+,"total":3145728\}$/)
  assert.match(events.at(-1) ?? "", /"event":"Saved",.*"name":"film.mkv","path":".*film.mkv","bytes":3145728\}$/)
})

tested("leaves a file that is there, unless it is to be replaced, and nothing of what cannot be had", function*() {
  const to = yield* folder({ "song.txt": "mine" })
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, yield* folder({ "song.txt": "theirs" }))
  const get = (...args: ReadonlyArray<string>) => run(["pyrate", "get", one.address, ...args, "--to", to])
  const kept = yield* get("song.txt")
  assert.deepStrictEqual([kept.code, kept.stdout], [1, ""])
  assert.match(kept.stderr, /^\S+song\.txt is there already and stays as it is\. .*--to .*--replace .*\n$/)
  assert.strictEqual(readFileSync(join(to, "song.txt"), "utf8"), "mine")
  assert.strictEqual((yield* get("song.txt", "--replace")).code, 0)
  assert.strictEqual(readFileSync(join(to, "song.txt"), "utf8"), "theirs")

  const none = yield* get("none.txt", "--json")
  assert.deepStrictEqual([none.code, readdirSync(to)], [1, ["song.txt"]])
  assert.match(none.stdout, /^\{"event":"Failed",.*"command":"peerage pyrate get","reason":"NoSuchFile",.*\}\n$/)
  assert.match(none.stderr, /^The peer shares no file none\.txt\./)
  yield* one.tells("Rejected", { host: "127.0.0.1", reason: "NoSuchFile" })
})

tested("understands the words of the original, and says which line was not done and why", function*() {
  const here = yield* folder({ "mine.txt": "mine" })
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, yield* folder({ "our song.txt": "la la" }))
  const two = yield* sharing(node.address, here)
  yield* two.tells("Peers", { peers: [one.address] })
  yield* one.type("peers", "GetPeers")
  yield* one.tells("Peers", { peers: [two.address] })
  yield* two.type(`LIST 127.0.0.1 ${one.port}`, "search our song.txt", `Get 127.0.0.1 ${one.port} our song.txt`)
  yield* two.tells("Files", { peer: one.address, files: ["our song.txt"] })
  yield* two.tells("Hit", { name: "our song.txt", peer: one.address })
  yield* two.tells("Saved", { name: "our song.txt", bytes: 5 })
  assert.strictEqual(readFileSync(join(here, "our song.txt"), "utf8"), "la la")
  // Without another look at the folder.
  yield* two.tells("Shared", { files: ["mine.txt", "our song.txt"] })
  yield* two.type("/rescan")

  const again = `GET 127.0.0.1 ${one.port} our song.txt`
  const none = `/get ${one.address} none.txt`
  yield* two.type(again, none, "LIST 127.0.0.1 1", "GET here", "hello", "/commands", "/help")
  yield* two.fails({
    [again]: "AlreadyThere",
    [none]: "NoSuchFile",
    "LIST 127.0.0.1 1": "Unreachable",
    "GET here": "BadArgument",
    "hello": "UnknownCommand"
  })
  yield* two.prints(/our song\.txt is there already and stays as it is\. Move it or give it another name, then type/)
  yield* two.tells("Commands")
  yield* two.tells("Help")
})

tested("quits when what was typed before is done, as the original does", function*() {
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
})

tested("unregisters when it is asked to leave, and ends with 0 in spite of a search under way", function*() {
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, yield* folder())
  const two = yield* sharing(node.address, yield* folder())
  yield* one.type("/search nobody has it.txt")
  yield* one.hangUp
  yield* Simulation.settle
  yield* one.leave
  assert.strictEqual(yield* one.ends, 0)
  yield* node.tells("Left", { peer: one.address, reason: "Unregistered" })
  yield* two.leave
  assert.strictEqual(yield* two.ends, 0)
  yield* node.tells("Left", { peer: two.address, reason: "Unregistered" })
  yield* node.leave
  assert.strictEqual(yield* node.ends, 0)
  assert.strictEqual(node.stderr() + one.stderr() + two.stderr(), "")
})

tested("waits with --reconnect for a bootstrap that is not there yet", function*() {
  const directory = yield* folder()
  const wanted = ["--bootstrap", "127.0.0.1:4997", "--reconnect", "--json"]
  const sharer = yield* start(["pyrate", "share", directory, ...wanted])
  yield* sharer.tells("Retrying", { peer: "127.0.0.1:4997", reason: "Unreachable" })
  yield* start(["pyrate", "bootstrap", "--listen", "127.0.0.1:4997", "--json"])
  yield* passTime(sharer.tells("Connected", { peer: "127.0.0.1:4997" }))
  const nowhere = yield* run(["pyrate", "share", join(directory, "gone"), ...wanted])
  assert.strictEqual(nowhere.code, 2)
})

tested("tells when the bootstrap is gone, and when it is there again", function*() {
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, yield* folder(), "--keepalive", "100ms")
  yield* one.tells("Connected", { peer: node.address })
  yield* node.leave
  yield* Simulation.elapse("1 second")
  yield* one.tells("Closed", { peer: node.address, reason: "Unreachable" })
  const again = yield* here.open("pyrate", "bootstrap", "--listen", node.address)
  yield* Simulation.elapse("1 minute")
  yield* again.tells("Joined", { peer: one.address })
  yield* one.prints(/"Closed"[^]*"event":"Connected"/)
})

tested("appends what happens to a log file, and shows it on standard error only where that was asked for", function*() {
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
})

tested("shares with peers that the bootstrap tells of later, and finds what they have", function*() {
  const node = yield* bootstrapping()
  const one = yield* sharing(node.address, yield* folder())
  const two = yield* sharing(node.address, yield* folder({ "late.txt": "late" }))
  yield* one.type("/search late.txt", "/getpeers", "/search late.txt")
  yield* one.tells("Failed", { command: "/search late.txt", reason: "UnderWay" })
  yield* one.tells("Peers", { peers: [two.address] })
  yield* Simulation.elapse("5 seconds")
  yield* one.tells("Searched", { name: "late.txt", peers: [] })
  yield* one.type("/search late.txt")
  yield* one.tells("Hit", { name: "late.txt", peer: two.address })
})

tested("tells others an address that they can use, and ends with 2 where nobody could reach it", function*() {
  const node = yield* bootstrapping()
  const everywhere = yield* sharing(node.address, yield* folder(), "--listen", "0.0.0.0:0")
  assert.match(everywhere.address, /^127\.0\.0\.1:[1-9]/)
  const nowhere = ["pyrate", "share", ".", "--bootstrap", node.address, "--advertise", "0.0.0.0"]
  assert.strictEqual((yield* run(nowhere)).code, 2)
})

tested("speaks in plain lines without --json", function*() {
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
  yield* Simulation.elapse("5 seconds")
  yield* peer.prints(/\d\d:\d\d:\d\d Nobody said that they have none\.txt\.\n/)
  yield* peer.type("/exit")
  assert.strictEqual(yield* peer.ends, 0)
  yield* node.prints(/\d\d:\d\d:\d\d - 127\.0\.0\.1:\d+ left\n/)
  assert.notInclude(node.stdout() + peer.stdout(), "\u001B")
})
