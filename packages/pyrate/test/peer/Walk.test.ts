/** The walk through the original's documentation, each step of it between machines of a simulated network. */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, FileSystem, Option, Path, Stream, SubscriptionRef } from "effect"
import {
  bootstrap,
  bootstrapPort,
  directory,
  hub,
  ipOf,
  name,
  port,
  settle,
  settled,
  sharer,
  simulated
} from "./Network.ts"

const song = name("song.txt")

/** What was said, connection by connection, from whom to whom, the ports that a machine chose left out. */
const conversation = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const places = new Map([[`${hub}:${bootstrapPort}`, "bootstrap"], [ipOf(1), "a"], [ipOf(2), "b"]])
  const nameOf = (address: string) => places.get(address) ?? places.get(address.slice(0, address.indexOf(":"))) ?? "?"
  const connections: Array<Array<string>> = []
  const latest = new Map<string, Array<string>>()
  for (const { bytes, from, kind, to } of yield* network.trace) {
    const ends = [from, to].toSorted().join()
    if (kind === "SYN") connections.push(latest.set(ends, []).get(ends) ?? [])
    if (kind !== "DATA") continue
    const text = JSON.stringify(new TextDecoder().decode(bytes)).slice(1, -1)
    latest.get(ends)?.push(`${nameOf(from)} to ${nameOf(to)}: ${text}`)
  }
  return connections.flat()
})

describe("the walk through the documentation", () => {
  simulated("goes as it is written there, in the words of the protocol", function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const [here, there] = [yield* directory(), yield* directory(song)]
    const node = yield* bootstrap()
    const b = yield* sharer(2, { directory: there })
    const a = yield* sharer(1, { directory: here })
    assert.deepStrictEqual(yield* SubscriptionRef.get(a.peers), [b.self])
    assert.deepStrictEqual(yield* settled(a.list(b.self)), [song])
    const hits = yield* a.search(song)
    assert.deepStrictEqual(Option.getOrThrow(yield* Stream.runHead(hits)), { name: song, peer: b.self })
    const saved = yield* a.download(b.self, song)
    assert.deepStrictEqual(saved, { path: path.join(yield* fs.realPath(here), song), bytes: song.length })
    assert.strictEqual(yield* fs.readFileString(saved.path), song)
    assert.deepStrictEqual(a.told.filter(({ _tag }) => _tag !== "Peers"), [
      { _tag: "Hit", name: song, peer: b.self },
      { _tag: "Progress", name: song, bytes: song.length, total: song.length },
      { _tag: "Saved", name: song, ...saved },
      { _tag: "Shared", files: [song] }
    ])
    yield* a.leave
    assert.deepStrictEqual(yield* node.listed, [b.self])

    const said = (yield* conversation).map((line) =>
      line.replace(/6:[a-z0-9-]+:/, "6:ID:").replace(/7:[a-z0-9-]+:/, "7:ID:").replace(/digest [0-9a-f]{64}/, "digest")
    )
    const own = (ip: string) => `${ip},${port}`
    assert.deepStrictEqual(said, [
      `b to bootstrap: 0:${port}`,
      "b to bootstrap: 1:1000",
      `bootstrap to b: ${own(ipOf(2))}\\n`,
      `a to bootstrap: 0:${port}`,
      "a to bootstrap: 1:1000",
      `bootstrap to a: ${own(ipOf(2))}\\n${own(ipOf(1))}\\n`,
      "a to b: 5:",
      "b to a: song.txt\\n",
      `a to b: 6:ID:song.txt:${ipOf(1)}:${port}:10`,
      `b to a: 7:ID:${ipOf(2)}:${port}:song.txt`,
      "a to b: 4:song.txt",
      "b to a: \\u0000pyrate+ found 8\\n",
      "b to a: \\u0000pyrate+ digest\\n",
      "b to a: song.txt",
      `a to bootstrap: 2:${port}`
    ])
  })

  simulated("reports progress once in a quarter of a second, however many pieces come", function*() {
    const fs = yield* FileSystem.FileSystem
    const there = yield* directory()
    yield* fs.writeFile((yield* Path.Path).join(there, song), new Uint8Array(1_000_000))
    yield* bootstrap()
    const holder = yield* sharer(2, { directory: there })
    const peer = yield* sharer(1)
    yield* settled(peer.download(holder.self, song))
    assert.deepStrictEqual(peer.told.map(({ _tag }) => _tag), ["Progress", "Saved", "Shared"])
  })

  simulated("tells of a new file when it is asked to look again, and of nothing when there is none", function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const there = yield* directory("one.txt")
    yield* bootstrap()
    const peer = yield* sharer(1, { directory: there })
    yield* fs.writeFileString(path.join(there, "two.txt"), "two")
    yield* settled(peer.rescan)
    yield* settle
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.files), [name("one.txt"), name("two.txt")])
    assert.deepStrictEqual(peer.told, [{ _tag: "Shared", files: [name("one.txt"), name("two.txt")] }])
    yield* settled(peer.rescan)
    assert.strictEqual(peer.told.length, 1)
  })
})
