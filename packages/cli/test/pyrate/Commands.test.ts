/** The commands of Pyrate rooms: what lines mean, what they do, and what Tab offers. */
import { assert } from "@effect/vitest"
import * as Jobs from "@peerage/console/Jobs"
import * as Journal from "@peerage/console/Journal"
import * as Searching from "@peerage/console/Searching"
import { FileName, PyrateError } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import { Deferred, Effect, Stream, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import * as Bars from "../../src/pyrate/Bars.ts"
import { bootstrapTable, sharerTable } from "../../src/pyrate/Commands.ts"
import type { SharingRoom } from "../../src/pyrate/FileCommands.ts"
import { type Event, narrate } from "../../src/pyrate/Narrate.ts"
import { plainView } from "../../src/room/Narrate.ts"
import { none } from "../../src/room/Style.ts"
import { answering, completes, corrects, everywhere, statusOf, understands } from "../Tables.ts"
import { effect } from "../Test.ts"

const address = { host: "10.0.0.2", port: 5005 }
const get = (name: string) => ({ address, name })

understands(
  "of a sharing peer",
  sharerTable,
  [
    ...everywhere,
    ["GET 10.0.0.2 5005 song.txt", "/get", get("song.txt")],
    ["get 10.0.0.2\t5005   song.txt ", "/get", get("song.txt")],
    ["Get 10.0.0.2 5005 our  song.txt", "/get", get("our  song.txt")],
    ["GET 10.0.0.2 5005 \"our song.txt\"", "/get", get("our song.txt")],
    ["GET 10.0.0.2 5005 \"our\" song.txt", "/get", get("\"our\" song.txt")],
    ["GET peer.example 5005 song.txt", "/get", { address: { host: "peer.example", port: 5005 }, name: "song.txt" }],
    ["GET 10.0.0.2 5005 song.txt\nQUIT", "BadArgument"],
    ["QUIT\nQUIT", "BadArgument"],
    ["/get 10.0.0.2:5005 song.txt", "/get", get("song.txt")],
    ["/GET 10.0.0.2:5005 our song.txt", "/get", get("our song.txt")],
    ["LIST 10.0.0.2 5005", "/list", address],
    ["list 10.0.0.2 5005", "/list", address],
    ["/list 10.0.0.2:5005", "/list", address],
    ["SEARCH song.txt", "/search", "song.txt"],
    ["search our song.txt", "/search", "our song.txt"],
    ["/search \"our song.txt\"", "/search", "our song.txt"],
    ["PEERS", "/peers"],
    ["GETPEERS", "/getpeers"],
    ["/getpeers", "/getpeers"],
    ["QUIT", "/quit"],
    ["quit", "/quit"],
    ["/quit", "/quit"],
    ["exit", "/exit"],
    ["/files", "/files"],
    ["files", "/files"],
    ["/rescan", "/rescan"],
    ["/commands", "/commands"],
    ["hello", "UnknownCommand"]
  ],
  `GET | GET 10.0.0.2 | GET 10.0.0.2 5005 | GET 10.0.0.2 fivethousand song.txt | GET 10.0.0.2 0 song.txt |
  GET 10.0.0.2 79422 song.txt | GET 10.0.0.999 5005 song.txt | GET 10.0.0.2 5005 ../secret.txt |
  GET 10.0.0.2 5005 .hidden | GET 10.0.0.2 5005 a:b | /get 10.0.0.2 song.txt | /get 10.0.0.2:5005 | /get |
  LIST 10.0.0.2 | LIST | LIST 10.0.0.2 5005 more | /list 10.0.0.2 | /list 10.0.0.2:5005 more | /list | SEARCH |
  SEARCH a/b | /search | peers now | QUIT now`
)

understands("at a bootstrap", bootstrapTable, [
  ...everywhere,
  ["peers", "/peers"],
  ["QUIT", "/exit"],
  ["exit", "/exit"],
  ["/get 10.0.0.2:5005 song.txt", "UnknownCommand"],
  ["GET 10.0.0.2 5005 song.txt", "UnknownCommand"],
  ["SEARCH song.txt", "UnknownCommand"]
])

corrects(
  sharerTable,
  [
    ["GET 10.0.0.2", "GET <server> <port> <filename>"],
    ["LIST 10.0.0.2", "LIST <server> <port>"],
    ["SEARCH", "SEARCH <filename>"],
    ["/get 10.0.0.2:5005", "/get PEER NAME"],
    ["/list", "/list PEER"],
    ["/search", "/search NAME"],
    ["GET 10.0.0.2 79422 x", "a port from 1 to 65535"],
    ["/list 10.0.0.2", "\"10.0.0.2\" is no peer"],
    ["GET 10.0.0.2 5005 ../x", "\"../x\" is no name of a file"],
    ["serch song.txt", "Did you mean /search?"],
    ["hello", "Try GET, LIST, SEARCH, PEERS, GETPEERS or QUIT"]
  ],
  "GET",
  "GET 1 2",
  "LIST",
  "/x\u0007"
)

corrects(bootstrapTable, [["/per", "Did you mean /peers?"], ["hello", "/help lists what there is."]])

const [near, far] = [PeerAddress.at("10.0.0.2", 5005), PeerAddress.at("10.0.0.3", 5005)]
const song = FileName.FileName.make("our song.txt")

const journal = () => Journal.make<Event>((event) => narrate(event, plainView))

/** A peer that knows two others, of which only the nearer has the song and can be asked for its list. */
const place = Effect.gen(function*() {
  const told: Array<Event> = []
  const arrival = yield* Deferred.make<void>()
  let left = false
  const unreachable = (peer: string) => new PyrateError.Unreachable({ address: peer, code: "ECONNREFUSED" })
  const peer: SharingRoom["peer"] = {
    peers: yield* SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>([near, far]),
    status: statusOf({ _tag: "Reconnecting", reason: "Unreachable" }),
    files: yield* SubscriptionRef.make<ReadonlyArray<FileName.FileName>>([song]),
    refresh: Effect.fail(new PyrateError.AskError({ reason: unreachable("10.0.0.1:21168") })),
    rescan: Effect.fail(new PyrateError.FileTrouble({ path: "/shared", problem: "NotFound" })),
    list: (of) =>
      of === near ? Effect.succeed([song]) : Effect.fail(new PyrateError.AskError({ reason: unreachable(of) })),
    search: (name) =>
      Effect.succeed(Stream.concat(Stream.make({ name, peer: near }, { name, peer: near }), Stream.never)),
    download: (from, name) =>
      from === near
        ? Effect.as(Deferred.await(arrival), { path: `/shared/${name}`, bytes: 5 })
        : Effect.fail(new PyrateError.DownloadError({ reason: new PyrateError.NoSuchFile({ name }) })),
    commands: Effect.succeed([{ _tag: "Outbound", kind: "DownloadRequest", peer: near }])
  }
  const jobs = yield* Jobs.make<Event>((events) => Effect.sync(() => void told.push(...events)))
  const lines: Array<ReadonlyArray<string>> = []
  const bars = Bars.make({ style: none, status: (draw) => Effect.sync(() => void lines.push(draw(80))) })
  const room = {
    peer,
    journal: journal(),
    jobs,
    bars,
    hits: Searching.hits(),
    leaveWhenIdle: Effect.asVoid(Effect.forkChild(Effect.andThen(
      jobs.idle,
      Effect.sync(() => {
        left = true
      })
    )))
  }
  const answers = answering(sharerTable, room)
  return { room, answers, told, bars, lines, arrive: Deferred.succeed(arrival, undefined), left: () => left }
})

const turns = Effect.repeat(Effect.yieldNow, { times: 20 })

effect("answers at once what it knows, and a list when it has come", function*() {
  const { answers } = yield* place
  assert.deepStrictEqual(yield* answers("PEERS", "/files", "/commands", "LIST 10.0.0.2 5005"), [
    { _tag: "Peers", peers: [near, far], away: true },
    { _tag: "Shared", files: [song] },
    { _tag: "Commands", commands: [{ direction: "Outbound", kind: "DownloadRequest", peer: near }] },
    { _tag: "Files", peer: near, files: [song] }
  ])
})

effect("says what was not done, and logs what failed outside of this peer", function*() {
  const { answers } = yield* place
  const lines = [" list 10.0.0.3 5005 ", "GETPEERS", "/rescan", "GET", "/log"]
  const [list, refresh, rescan, mistake, log] = yield* answers(...lines)
  assert.deepInclude(list, { _tag: "Failed", command: "list 10.0.0.3 5005", reason: "Unreachable" })
  assert.deepInclude(refresh, { command: "GETPEERS", reason: "Unreachable" })
  assert.deepInclude(rescan, {
    reason: "FileTrouble",
    message: "/shared cannot be used: NotFound. Check the path, or choose another place."
  })
  assert.deepInclude(mistake, { command: "GET", reason: "BadArgument" })
  assert.match(JSON.stringify(log), /WARNING","text":"list 10\.0\.0\.3 5005: No connection to 10\.0\.0\.3:5005/)
})

effect("takes the next line while a file is fetched, but not the same file twice", function*() {
  const { answers, arrive, lines, told } = yield* place
  const typed = [
    "GET 10.0.0.2 5005 our song.txt",
    "/get 10.0.0.3:5005 our song.txt",
    "/get 10.0.0.3:5005 x.txt"
  ] as const
  const [again, ...more] = yield* answers(...typed)
  assert.deepInclude(again, { command: typed[1], reason: "UnderWay" })
  assert.deepStrictEqual(more, [])
  yield* turns
  assert.strictEqual(told.length, 1)
  assert.deepInclude(told[0], { command: typed[2], reason: "NoSuchFile" })
  assert.deepStrictEqual(lines.at(-1)?.length, 1)
  yield* arrive
  yield* turns
  assert.deepStrictEqual(told.slice(1), [{ _tag: "Saved", name: song, path: "/shared/our song.txt", bytes: 5 }])
  assert.deepStrictEqual(lines.at(-1), [])
  assert.deepStrictEqual(yield* answers(typed[0]), [])
})

effect("begins what was done again as soon as that is told", function*() {
  const told = yield* Deferred.make<boolean>()
  const jobs: Jobs.Jobs<Event> = yield* Jobs.make(() => Deferred.succeed(told, jobs.has("search x")))
  assert.isTrue(yield* jobs.begin("search x", Effect.as(Effect.yieldNow, []), []))
  assert.isTrue(jobs.has("search x"))
  assert.isFalse(yield* Deferred.await(told))
})

effect("logs what happens to the network, and nothing that was only asked", function*() {
  const log = journal()
  yield* log.note({ _tag: "Peers", peers: [near] })
  yield* log.note({ _tag: "Served", name: song, to: "10.0.0.3", bytes: 5 })
  const [entry, ...more] = yield* log.entries("INFO")
  assert.deepStrictEqual([entry?.text, more], ["10.0.0.3 fetched our song.txt, 5 bytes", []])
})

effect("moves the bar of a download, and of none that has ended", function*() {
  const { answers, arrive, bars, lines } = yield* place
  yield* answers("/get 10.0.0.2:5005 our song.txt")
  yield* turns
  assert.match(lines.at(-1)?.[0] ?? "", /waiting/)
  yield* bars.advance({ name: song, bytes: 512, total: 1024 })
  assert.match(lines.at(-1)?.[0] ?? "", / 50% {2}512 bytes of 1\.0 KiB$/)
  yield* arrive
  yield* turns
  yield* bars.advance({ name: song, bytes: 1024, total: 1024 })
  assert.deepStrictEqual(lines.at(-1), [])
})

effect("waits for answers to a search for 5 seconds, and names each peer once", function*() {
  const { answers, told } = yield* place
  assert.deepStrictEqual(yield* answers("SEARCH our song.txt"), [])
  yield* turns
  yield* TestClock.adjust("4999 millis")
  assert.deepStrictEqual(told, [])
  yield* TestClock.adjust("1 millis")
  yield* turns
  assert.deepStrictEqual(told, [{ _tag: "Searched", name: song, peers: [near] }])
})

effect("quits at once where nothing is under way, otherwise when that is done; /exit does not wait", function*() {
  const { answers, arrive, left } = yield* place
  assert.deepStrictEqual(yield* answers("QUIT"), ["Leave"])
  const leaving = yield* answers("/get 10.0.0.2:5005 our song.txt", "quit")
  assert.deepStrictEqual(leaving, [{ _tag: "Leaving", waitsFor: 1 }])
  yield* turns
  assert.isFalse(left())
  assert.deepStrictEqual(yield* answers("/exit"), ["Leave"])
  yield* arrive
  yield* turns
  assert.isTrue(left())
})

effect("answers at a bootstrap with who has registered, and has nothing to fetch there", function*() {
  const peers = yield* SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>([near])
  const answers = answering(bootstrapTable, { peer: { peers }, journal: journal() })
  assert.deepStrictEqual(yield* answers("peers", "", "quit"), [{ _tag: "Peers", peers: [near] }, "Leave"])
  const [failed, help] = yield* answers("/get 10.0.0.2:5005 x", "/help")
  assert.deepInclude(failed, { _tag: "Failed", reason: "UnknownCommand" })
  assert.match(JSON.stringify(help), /"\/peers","does":"who has registered"/)
})

completes(sharerTable, () => Effect.runSync(Effect.scoped(place)).room, [
  ["/li", ["/list"], "/li"],
  ["/list 10", [near, far], "10"],
  ["/get 10.0.0.3", [far], "10.0.0.3"],
  ["/search 10", [], "10"],
  ["hello", [], "hello"]
])
