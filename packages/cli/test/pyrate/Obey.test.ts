/** What a typed line does at a peer that shares, and what is answered. */
import { assert, it } from "@effect/vitest"
import { FileName, PyrateError } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import { Deferred, Duration, Effect, Stream, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { none } from "../../src/before/Style.ts"
import type { Event } from "../../src/pyrate/Answer.ts"
import * as Bars from "../../src/pyrate/Bars.ts"
import { complete } from "../../src/pyrate/Complete.ts"
import * as Jobs from "../../src/pyrate/Jobs.ts"
import * as Journal from "../../src/pyrate/Journal.ts"
import { obey } from "../../src/pyrate/Obey.ts"
import { obey as obeyAtBootstrap } from "../../src/pyrate/ObeyBootstrap.ts"

const [near, far] = [PeerAddress.at("10.0.0.2", 5005), PeerAddress.at("10.0.0.3", 5005)]
const song = FileName.FileName.make("our song.txt")

/** A peer that knows two others, of which only the nearer has the song and can be asked for its list. */
const place = Effect.gen(function*() {
  const told: Array<Event> = []
  const arrival = yield* Deferred.make<void>()
  let left = false
  const unreachable = (peer: string) => new PyrateError.Unreachable({ address: peer, code: "ECONNREFUSED" })
  const peer: Parameters<typeof obey>[0]["peer"] = {
    peers: yield* SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>([near, far]),
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
  const jobs = yield* Jobs.make((events) => Effect.sync(() => void told.push(...events)))
  const lines: Array<ReadonlyArray<string>> = []
  const bars = Bars.make({
    style: none,
    status: (draw) => Effect.sync(() => void lines.push(draw(80)))
  })
  const does = obey({
    peer,
    journal: Journal.make(),
    jobs,
    bars,
    searchFor: Duration.seconds(5),
    leave: Effect.asVoid(Effect.forkChild(Effect.andThen(
      jobs.idle,
      Effect.sync(() => {
        left = true
      })
    )))
  })
  const answers = Effect.fnUntraced(function*(...typed: ReadonlyArray<string>) {
    const outcomes = yield* Effect.forEach(typed, does)
    return outcomes.flatMap((outcome): ReadonlyArray<unknown> => outcome._tag === "Exit" ? ["Exit"] : outcome.events)
  })
  return { answers, told, bars, lines, arrive: Deferred.succeed(arrival, undefined), left: () => left }
})

const turns = Effect.repeat(Effect.yieldNow, { times: 20 })

it.effect("answers at once what it knows, and a list when it has come", () =>
  Effect.gen(function*() {
    const { answers } = yield* place
    assert.deepStrictEqual(yield* answers("PEERS", "/files", "/commands", "LIST 10.0.0.2 5005"), [
      { _tag: "Peers", peers: [near, far] },
      { _tag: "Shared", files: [song] },
      { _tag: "Commands", commands: [{ direction: "Outbound", kind: "DownloadRequest", peer: near }] },
      { _tag: "Files", peer: near, files: [song] }
    ])
  }))

it.effect("says what was not done, and logs what failed outside of this peer", () =>
  Effect.gen(function*() {
    const { answers } = yield* place
    const [list, refresh, rescan, mistake, log] = yield* answers(
      " list 10.0.0.3 5005 ",
      "GETPEERS",
      "/rescan",
      "GET",
      "/log"
    )
    assert.deepInclude(list, { _tag: "Failed", command: "list 10.0.0.3 5005", reason: "Unreachable" })
    assert.deepInclude(refresh, { command: "GETPEERS", reason: "Unreachable" })
    assert.deepInclude(rescan, { reason: "FileTrouble", message: "/shared cannot be used: NotFound." })
    assert.deepInclude(mistake, { command: "GET", reason: "BadArgument" })
    assert.match(JSON.stringify(log), /WARNING","text":"list 10\.0\.0\.3 5005: No connection to 10\.0\.0\.3:5005/)
  }))

it.effect("takes the next line while a file is fetched, but not the same file twice", () =>
  Effect.gen(function*() {
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
  }))

it.effect("begins what was done again as soon as that is told", () =>
  Effect.gen(function*() {
    const told = yield* Deferred.make<boolean>()
    const jobs: Jobs.Jobs = yield* Jobs.make(() => Deferred.succeed(told, jobs.has("search x")))
    assert.isTrue(yield* jobs.begin("search x", Effect.as(Effect.yieldNow, [])))
    assert.isTrue(jobs.has("search x"))
    assert.isFalse(yield* Deferred.await(told))
  }))

it.effect("logs what happens to the network, and nothing that was only asked", () =>
  Effect.gen(function*() {
    const journal = Journal.make()
    yield* journal.note({ _tag: "Peers", peers: [near] })
    yield* journal.note({ _tag: "Served", name: song, to: "10.0.0.3", bytes: 5 })
    const [entry, ...more] = yield* journal.entries("INFO")
    assert.deepStrictEqual([entry?.text, more], ["10.0.0.3 fetched our song.txt, 5 bytes", []])
  }))

it.effect("moves the bar of a download, and of none that has ended", () =>
  Effect.gen(function*() {
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
  }))

it.effect("waits for answers to a search for 5 seconds, and names each peer once", () =>
  Effect.gen(function*() {
    const { answers, told } = yield* place
    assert.deepStrictEqual(yield* answers("SEARCH our song.txt"), [])
    yield* turns
    yield* TestClock.adjust("4999 millis")
    assert.deepStrictEqual(told, [])
    yield* TestClock.adjust("1 millis")
    yield* turns
    assert.deepStrictEqual(told, [{ _tag: "Searched", name: song, peers: [near] }])
  }))

it.effect("quits at once where nothing is under way, otherwise when that is done; /exit does not wait", () =>
  Effect.gen(function*() {
    const { answers, arrive, left } = yield* place
    assert.deepStrictEqual(yield* answers("QUIT"), ["Exit"])
    const leaving = yield* answers("/get 10.0.0.2:5005 our song.txt", "quit")
    assert.deepStrictEqual(leaving, [{ _tag: "Leaving", waitsFor: 1 }])
    yield* turns
    assert.isFalse(left())
    assert.deepStrictEqual(yield* answers("/exit"), ["Exit"])
    yield* arrive
    yield* turns
    assert.isTrue(left())
  }))

it.effect("answers at a bootstrap with who has registered, and has nothing to fetch there", () =>
  Effect.gen(function*() {
    const does = obeyAtBootstrap({ node: { peers: Effect.succeed([near]) }, journal: Journal.make() })
    assert.deepStrictEqual(yield* does("peers"), { _tag: "Answer", events: [{ _tag: "Peers", peers: [near] }] })
    assert.deepStrictEqual(yield* does(""), { _tag: "Answer", events: [] })
    assert.deepStrictEqual(yield* does("quit"), { _tag: "Exit" })
    assert.match(JSON.stringify(yield* does("/get 10.0.0.2:5005 x")), /"Failed".*"UnknownCommand"/)
    assert.match(JSON.stringify(yield* does("/help")), /"\/peers","does":"who has registered"/)
  }))

for (
  const [line, words, replaced] of [
    ["/li", ["/list "], "/li"],
    ["/list 10", [`${near} `, `${far} `], "10"],
    ["/get 10.0.0.3", [`${far} `], "10.0.0.3"],
    ["/search 10", [], "10"],
    ["hello", [], "hello"]
  ] as const
) {
  it(`completes ${line}`, () =>
    assert.deepStrictEqual(complete("Sharer", () => [near, far])(line), [[...words], replaced]))
}
