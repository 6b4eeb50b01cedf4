/** A peer that a few addresses ask for more than their part: others are served. */
import { assert, describe } from "@effect/vitest"
import type { PyrateConfig } from "@peerage/pyrate"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, FileSystem, Queue } from "effect"
import {
  ask,
  bootstrap,
  dial,
  directory,
  elapse,
  ipOf,
  name,
  peerAt,
  settle,
  settled,
  sharer,
  simulated
} from "../Network.ts"

const range = (count: number) => Array.from({ length: count }, (_, index) => index)
const there = peerAt(1)

/** A peer with a large file and a small one, and one that wants them. */
const scene = Effect.fnUntraced(function*(config: Partial<PyrateConfig.PyrateConfig> = {}) {
  yield* bootstrap()
  const shared = yield* directory("small.txt")
  yield* (yield* FileSystem.FileSystem).writeFile(`${shared}/large.bin`, new Uint8Array(4_000_000))
  const holder = yield* sharer(1, { directory: shared, config })
  const honest = yield* sharer(2)
  const download = (file: string) => honest.download(there, name(file))
  return { holder, honest, download }
})

/** Asks for the large file as an original does, from a machine that does not read what comes back. */
const slowReader = Effect.fnUntraced(function*(number: number) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const ip = ipOf(number)
  const raw = yield* dial(ip, there)
  yield* network.transport(ip).listen(raw.pipe.local)
  yield* network.clog(ip)
  raw.write("4:large.bin")
  raw.pipe.end()
})

describe("a peer that is asked for more than it serves at once", () => {
  simulated("serves a small file at once while four machines do not read a large one", function*() {
    const { download } = yield* scene()
    for (const number of range(4)) yield* slowReader(10 + number)
    yield* elapse("1 second")
    assert.strictEqual((yield* settled(download("small.txt"))).bytes, 9)
  })

  simulated("serves a small file at once after 200 requests of one address for a file that is not there", function*() {
    const { download, holder } = yield* scene()
    for (const _ of range(200)) {
      const raw = yield* dial(ipOf(10), there)
      raw.write("4:nothing")
      raw.pipe.end()
    }
    yield* settle
    assert.isTrue((yield* holder.commands).every(({ kind }) => kind === "FileRequest"))
    assert.strictEqual((yield* settled(download("small.txt"))).bytes, 9)
  })

  simulated("lists its files while one address holds 700 connections open", function*() {
    yield* scene()
    yield* (yield* MemoryNetwork.MemoryNetwork).clog(ipOf(10))
    const hold = Effect.map(dial(ipOf(10), there), (raw) => raw.write("4:large.bin"))
    // As many as wait at the door for one address, again and again.
    for (const _ of range(11)) {
      yield* Effect.forEach(range(64), () => hold, { concurrency: "unbounded" })
      yield* elapse("500 millis")
    }
    for (const index of range(10)) {
      assert.strictEqual((yield* ask(`10.2.${index}.1`, "5:", there)).text, "large.bin\nsmall.txt\n")
    }
  })

  simulated("drops the slowest transfer of the address with the most for another address", function*() {
    const { download, holder } = yield* scene({ maxServed: 4, maxServedPerAddress: 4 })
    for (const _ of range(4)) yield* slowReader(10)
    yield* settle
    assert.strictEqual((yield* settled(download("small.txt"))).bytes, 9)
    const reasons = holder.told.flatMap((event) => event._tag === "Rejected" ? [event.reason] : [])
    assert.deepStrictEqual(reasons, ["TooMany"])
  })

  simulated("tells who waits for its turn, so that a requester waits as long as it takes", function*() {
    const { download } = yield* scene({ maxServed: 1 })
    yield* slowReader(10)
    yield* settle
    const waiting = yield* Effect.forkChild(download("small.txt"))
    yield* elapse("9 seconds")
    assert.isUndefined(waiting.pollUnsafe())
    yield* elapse("2 seconds")
    assert.strictEqual((yield* Fiber.join(waiting)).bytes, 9)
  })

  simulated("keeps an original requester waiting for its connection back, without a word that it reads", function*() {
    yield* scene({ maxServed: 1 })
    yield* slowReader(10)
    yield* settle
    const network = yield* MemoryNetwork.MemoryNetwork
    const original = yield* dial(ipOf(11), there)
    const { accepted } = yield* network.transport(ipOf(11)).listen(original.pipe.local)
    original.write("4:small.txt")
    original.pipe.close()
    yield* elapse("11 seconds")
    const back = yield* Queue.take(accepted)
    assert.strictEqual(new TextDecoder().decode(back.take()?.[0]), "small.txt")
  })
})
