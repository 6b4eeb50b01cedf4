/** The panel of a peer that shares files, beside real peers in a simulated network. */
import { assert } from "@effect/vitest"
import { PyrateEvent } from "@peerage/pyrate"
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { Effect, Fiber, FileSystem, Stream, SubscriptionRef } from "effect"
import type { Ended } from "../../src/jobs/Fetching.ts"
import * as Jobs from "../../src/jobs/Jobs.ts"
import * as Searching from "../../src/jobs/Searching.ts"
import * as Transfers from "../../src/jobs/Transfers.ts"
import type { Panel, Tagged } from "../../src/Panel.ts"
import * as Pyrate from "../../src/panels/Pyrate.ts"
import * as Journal from "../../src/talk/Journal.ts"
import { ask, cells, decided, membersOf } from "./Panels.ts"
import { at, bootstrap, name, shared, sharer } from "./Sharing.ts"

const { elapse, settle } = Simulation

/** Something that takes as long, asked. */
const asked = Effect.fnUntraced(function*<Event extends Tagged>(
  panel: Panel<Event>,
  ability: string,
  values: Readonly<Record<string, string>> = {}
) {
  const asking = yield* Effect.forkScoped(ask(panel, ability, values))
  yield* elapse("5 seconds")
  return yield* Fiber.join(asking)
})

const transfersOf = <Event extends Tagged>({ transfers }: Panel<Event>) => transfers ?? Effect.succeed([])

shared("shows who is there and what is shared, and looks again at both", function*() {
  yield* bootstrap()
  const peer = yield* sharer(2, { "song.txt": "la", "b.txt": "b", "a:b": "no" })
  const panel = yield* Pyrate.make(peer)
  yield* settle
  assert.deepStrictEqual(yield* cells(panel, "files"), [["b.txt"], ["song.txt"]])
  assert.deepStrictEqual(yield* cells(panel, "leftOut"), [["a:b", "its name has a colon, a slash or a backslash"]])
  assert.deepStrictEqual(yield* membersOf(panel), [])
  yield* sharer(3)
  assert.strictEqual(yield* ask(panel, "refresh"), "1 other peer there.")
  assert.deepStrictEqual(yield* membersOf(panel), [`${at(3)}: `])
  const fs = yield* FileSystem.FileSystem
  yield* fs.writeFileString(`${peer.directory}/new.txt`, "new")
  assert.strictEqual(yield* ask(panel, "rescan"), "You share 3 files.")
  assert.deepStrictEqual(yield* cells(panel, "files"), [["b.txt"], ["new.txt"], ["song.txt"]])
})

shared("shows what people compare of the keys of peers, as far as they are known", function*() {
  yield* bootstrap()
  yield* sharer(2)
  yield* sharer(3)
  const fingerprints = () => Effect.succeed(new Map([[at(3), "1a2b-3c4d"]]))
  const panel = yield* Pyrate.make(yield* sharer(4), { fingerprints })
  assert.deepStrictEqual(yield* membersOf(panel), [`${at(2)}: `, `${at(3)}: 1a2b-3c4d`])
})

shared("asks a peer for its list, of which each file can be fetched", function*() {
  yield* bootstrap()
  yield* sharer(2, { "our song.txt": "la la" })
  const peer = yield* sharer(3)
  const panel = yield* Pyrate.make(peer)
  assert.strictEqual(yield* ask(panel, "list", { target: at(2) }), `${at(2)} shares 1 file.`)
  const [row] = yield* panel.tables["listing"] ?? Effect.succeed([])
  assert.deepStrictEqual(row?.cells, ["our song.txt", at(2)])
  assert.strictEqual(
    yield* ask(panel, "downloadListed", { target: row?.id ?? "" }),
    `our song.txt is fetched from ${at(2)} into the shared folder.`
  )
  yield* settle
  assert.deepStrictEqual(yield* transfersOf(panel), [{
    id: "our song.txt",
    name: "our song.txt",
    peer: at(2),
    direction: "in",
    bytes: 5,
    total: 5,
    rate: 0,
    state: "done",
    sentence: "It is in the shared folder."
  }])
  const fs = yield* FileSystem.FileSystem
  assert.strictEqual(yield* fs.readFileString(`${peer.directory}/our song.txt`), "la la")
  assert.deepStrictEqual(yield* cells(panel, "files"), [["our song.txt"]])
  const empty = yield* sharer(4)
  assert.strictEqual(yield* ask(panel, "listOf", { peer: empty.self }), `${at(4)} shares nothing.`)
  assert.deepStrictEqual(yield* cells(panel, "listing"), [])
})

shared("searches, shows hits as they come, and fetches one", function*() {
  yield* bootstrap()
  yield* sharer(2, { "song.txt": "la" })
  const slow = yield* sharer(3, { "song.txt": "la" })
  const panel = yield* Pyrate.make(yield* sharer(4))
  const network = yield* MemoryNetwork.MemoryNetwork
  yield* network.setLink("10.0.0.3", "10.0.0.4", { latency: "500 millis" })
  const searching = yield* Effect.forkScoped(ask(panel, "search", { file: "song.txt" }))
  yield* elapse("500 millis")
  assert.deepStrictEqual(yield* cells(panel, "hits"), [["song.txt", at(2)]])
  yield* elapse("4 seconds")
  assert.deepStrictEqual((yield* cells(panel, "hits")).length, 2)
  yield* elapse("1 second")
  assert.strictEqual(yield* Fiber.join(searching), "2 peers have song.txt.")
  assert.strictEqual(yield* asked(panel, "search", { file: "nothing.txt" }), "Nobody said that they have nothing.txt.")
  yield* slow.leave
  const rows = yield* panel.tables["hits"] ?? Effect.succeed([])
  const hit = rows.find(({ cells: [, peer] }) => peer === at(2))
  yield* ask(panel, "downloadHit", { target: hit?.id ?? "" })
  yield* settle
  assert.deepStrictEqual((yield* transfersOf(panel)).map(({ state }) => state), ["done"])
})

shared("moves a bar with the rate of late, and says why a download failed", function*() {
  yield* bootstrap()
  const content = new Uint8Array(1_000_000)
  const holder = yield* sharer(2, { "big.bin": content })
  const panel = yield* Pyrate.make(yield* sharer(3))
  const network = yield* MemoryNetwork.MemoryNetwork
  yield* network.setLink("10.0.0.2", "10.0.0.3", { bandwidth: 100_000 })
  yield* ask(panel, "download", { peer: at(2), file: "big.bin" })
  assert.deepStrictEqual((yield* transfersOf(panel)).map(({ rate, state }) => [state, rate]), [["waiting", 0]])
  assert.deepStrictEqual(yield* cells(panel, "commands"), [["fetch a file", at(2)]])
  yield* elapse("4 seconds")
  const [half] = yield* transfersOf(panel)
  assert.deepInclude(half, { state: "running", total: 1_000_000 })
  assert.isAbove(half?.bytes ?? 0, 200_000)
  assert.isBelow(half?.bytes ?? 0, 500_000)
  assert.approximately(half?.rate ?? 0, 100_000, 40_000)
  assert.strictEqual(
    yield* ask(panel, "download", { peer: at(2), file: "big.bin" }),
    "! The download of big.bin is under way already."
  )
  yield* holder.leave
  yield* elapse("1 minute")
  const [failed] = yield* transfersOf(panel)
  assert.deepInclude(failed, { state: "failed", rate: 0 })
  assert.match(failed?.sentence ?? "", /Nothing was saved; try again\.$/)
})

shared("moves a bar for what others fetch while a page is open, and says when it was broken off", function*() {
  yield* bootstrap()
  const content = new Uint8Array(2_000_000)
  const panel = yield* Pyrate.make(yield* sharer(2, { "big.bin": content }))
  const others = [yield* sharer(3), yield* sharer(4)]
  const network = yield* MemoryNetwork.MemoryNetwork
  for (const machine of [3, 4]) yield* network.setLink("10.0.0.2", `10.0.0.${machine}`, { bandwidth: 100_000 })
  yield* Effect.forkScoped(Stream.runDrain(panel.events), { startImmediately: true })
  const gets = yield* Effect.forEach(others, ({ download }) => Effect.forkScoped(download(at(2), name("big.bin"))))
  yield* elapse("8 seconds")
  const under = yield* transfersOf(panel)
  assert.deepStrictEqual(under.map(({ direction, state, total }) => [direction, state, total]), [
    ["out", "running", 2_000_000],
    ["out", "running", 2_000_000]
  ])
  assert.deepStrictEqual(under.map(({ peer }) => peer.replace(/:\d+$/, "")).toSorted(), ["10.0.0.3", "10.0.0.4"])
  for (const { bytes, rate } of under) {
    assert.isAbove(bytes, 400_000)
    assert.isBelow(bytes, 1_600_000)
    assert.approximately(rate, 100_000, 60_000)
  }
  const [first] = gets
  if (first !== undefined) yield* Fiber.interrupt(first)
  yield* elapse("40 seconds")
  assert.deepStrictEqual(
    (yield* transfersOf(panel)).map(({ peer, sentence }) => [peer.replace(/:\d+$/, ""), sentence]).toSorted(),
    [["10.0.0.3", "It was broken off."], ["10.0.0.4", "All of it was sent."]]
  )
})

shared("refuses what cannot be, in the words of the terminal, and puts a file nowhere else", function*() {
  yield* bootstrap()
  yield* sharer(2, { "song.txt": "la" })
  const peer = yield* sharer(3, { "song.txt": "mine" })
  const panel = yield* Pyrate.make(peer)
  for (
    const [ability, values, sentence] of [
      [
        "listOf",
        { peer: "nowhere" },
        "\"nowhere\" is no peer: this takes an IPv4 address or a name, and a port from 1 to 65535, such as 192.0.2.1:5000."
      ],
      ["listOf", { peer: "host.example:1" }, "Names are not looked up here. Give the IPv4 address of host.example."],
      [
        "search",
        { file: "a/b" },
        "\"a/b\" is no name of a file that can be shared: that is a plain file name, without separators, colons, dots or blanks at its ends, or a name that Windows keeps for itself."
      ],
      [
        "download",
        { peer: at(2), file: "../secret" },
        "\"../secret\" is no name of a file that can be shared: that is a plain file name, without separators, colons, dots or blanks at its ends, or a name that Windows keeps for itself."
      ],
      [
        "downloadHit",
        { target: "nonsense" },
        "\"\" is no peer: this takes an IPv4 address or a name, and a port from 1 to 65535, such as 192.0.2.1:5000."
      ]
    ] as const
  ) {
    assert.strictEqual(yield* ask(panel, ability, values), `! ${sentence}`)
  }
  yield* ask(panel, "download", { peer: at(2), file: "song.txt" })
  yield* settle
  const [there] = yield* transfersOf(panel)
  assert.match(there?.sentence ?? "", /song\.txt is there already and stays as it is\. Move it or give it another name/)
  const fs = yield* FileSystem.FileSystem
  assert.strictEqual(yield* fs.readFileString(`${peer.directory}/song.txt`), "mine")
})

shared("with a terminal reports what it fetched there, and logs what failed", function*() {
  yield* bootstrap()
  yield* sharer(2, { "song.txt": "la" })
  const peer = yield* sharer(3)
  const told: Array<Ended> = []
  const room = {
    journal: Journal.make<never>(() => undefined),
    jobs: yield* Jobs.make<Ended>((events) => Effect.sync(() => void told.push(...events))),
    bars: Transfers.make(),
    hits: Searching.hits()
  }
  const panel = yield* Pyrate.make(peer, { room })
  yield* ask(panel, "download", { peer: at(2), file: "song.txt" })
  yield* ask(panel, "download", { peer: at(2), file: "other.txt" })
  yield* settle
  assert.deepStrictEqual(told, [
    { _tag: "Saved", name: name("song.txt"), path: `${peer.directory}/song.txt`, bytes: 2 },
    {
      _tag: "Failed",
      command: `/get ${at(2)} other.txt`,
      reason: "NoSuchFile",
      message: "The peer shares no file other.txt. Ask it for its list, or search."
    }
  ])
  const lines = yield* panel.log?.since(-1) ?? Effect.succeed([])
  assert.match(lines[0]?.text ?? "", /^\/get .* other\.txt: The peer shares no file/)
})

shared("says how it is, shows events as programs see them, and knows what each changes", function*() {
  const node = yield* bootstrap()
  const peer = yield* sharer(2)
  const panel = yield* Pyrate.make(peer)
  assert.deepStrictEqual(yield* panel.status, { tone: "good", word: "registered" })
  assert.deepStrictEqual(panel.encode({ _tag: "Hit", name: name("a"), peer: at(3) }), {
    event: "Hit",
    name: "a",
    peer: at(3)
  })
  assert.deepStrictEqual(panel.touches({ _tag: "Hit", name: name("a"), peer: at(3) }), ["table:hits"])
  decided(panel, Pyrate.touched, PyrateEvent.PyrateEvent.cases)
  yield* node.leave
  yield* elapse("10 minutes")
  assert.deepStrictEqual((yield* SubscriptionRef.get(peer.status))._tag, "Reconnecting")
  assert.match((yield* panel.status).sentence ?? "", /^The connection was lost: .* It is tried again\.$/)
})
