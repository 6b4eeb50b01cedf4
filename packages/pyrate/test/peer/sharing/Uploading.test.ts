/** What a peer announces of the files that it sends. */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, FileSystem, Path } from "effect"
import { bootstrap, directory, elapse, ipOf, name, sharer, simulated } from "../Network.ts"

const film = name("film.mkv")
const size = 1_000_000

/** A file that takes ten seconds from one peer to the other. */
const scene = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const network = yield* MemoryNetwork.MemoryNetwork
  const shared = yield* directory("note.txt")
  yield* fs.writeFile((yield* Path.Path).join(shared, film), new Uint8Array(size))
  yield* bootstrap()
  const holder = yield* sharer(1, { directory: shared })
  const requester = yield* sharer(2)
  yield* network.setLink(ipOf(1), ipOf(2), { bandwidth: 100_000 })
  const uploads = () => holder.told.filter(({ _tag }) => ["Serving", "Served", "BrokenOff"].includes(_tag))
  return { fs, holder, requester, shared, uploads, fetch: Effect.forkChild(requester.download(holder.self, film)) }
})

describe("an upload", () => {
  simulated("is announced as it goes on, to the address that asked, and as a whole", function*() {
    const { fetch, uploads } = yield* scene
    const fetching = yield* fetch
    yield* elapse("1 second")
    const [begun] = uploads()
    assert.deepInclude(begun, { _tag: "Serving", name: film, bytes: 0, total: size })
    yield* elapse("15 seconds")
    yield* Fiber.join(fetching)
    const told = uploads()
    const sent = told.flatMap((event) => event._tag === "Serving" ? [event] : [])
    assert.isAbove(sent.length, 2)
    assert.deepStrictEqual(
      sent.map(({ bytes }) => bytes),
      sent.map(({ bytes }) => bytes).toSorted((one, other) => one - other)
    )
    assert.deepStrictEqual([new Set(sent.map(({ peer }) => peer)).size, sent.at(-1)?.bytes], [1, size])
    assert.match(sent[0]?.peer ?? "", new RegExp(`^${ipOf(2)}:\\d+$`))
    assert.deepStrictEqual(told.at(-1), { _tag: "Served", name: film, to: ipOf(2), bytes: size })
  })

  simulated("of a small file says its beginning and its end", function*() {
    const { holder, requester, uploads } = yield* scene
    const fetching = yield* Effect.forkChild(requester.download(holder.self, name("note.txt")))
    yield* elapse("1 second")
    yield* Fiber.join(fetching)
    assert.deepStrictEqual(
      uploads().map((event) => [event._tag, "bytes" in event ? event.bytes : undefined]),
      [["Serving", 0], ["Serving", 8], ["Served", 8]]
    )
  })

  simulated("that nobody takes any more is broken off, with how much was sent", function*() {
    const { fetch, uploads } = yield* scene
    const fetching = yield* fetch
    yield* elapse("5 seconds")
    yield* Fiber.interrupt(fetching)
    yield* elapse("1 second")
    const told = uploads()
    const last = told.at(-1)
    assert.deepInclude(last, { _tag: "BrokenOff", name: film, total: size })
    assert.isTrue(last?._tag === "BrokenOff" && last.bytes > 0 && last.bytes < size)
    assert.isFalse(told.some(({ _tag }) => _tag === "Served"))
  })

  simulated("of a file that changes meanwhile is broken off too", function*() {
    const { fetch, fs, holder, shared, uploads } = yield* scene
    const fetching = yield* fetch
    yield* elapse("5 seconds")
    yield* fs.writeFileString((yield* Path.Path).join(shared, film), "shorter")
    yield* elapse("1 minute")
    yield* Fiber.await(fetching)
    assert.strictEqual(uploads().at(-1)?._tag, "BrokenOff")
    assert.deepInclude(holder.told, { _tag: "Rejected", host: ipOf(2), reason: "FileChanged" })
  })
})
