import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, FileSystem, Path } from "effect"
import { suite } from "../../Suite.ts"
import { bootstrap, directory, elapse, ipOf, name, type Needs, sharer, world } from "../Network.ts"

const segmented = suite<Needs>(world({ segment: 1460 }))

describe("files over a slow link", () => {
  segmented.each([
    { what: "one of 600 kB over 32 kbit/s", count: 1, size: 600_000, speed: 4000, seconds: 160 },
    { what: "eight of 800 kB over 1 Mbit/s", count: 8, size: 800_000, speed: 125_000, seconds: 60 }
  ])("are all fetched, at once: $what", function*({ count, seconds, size, speed }) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const network = yield* MemoryNetwork.MemoryNetwork
    const shared = yield* directory()
    const names = Array.from({ length: count }, (_, index) => name(`film-${index}.mkv`))
    for (const film of names) yield* fs.writeFile(path.join(shared, film), new Uint8Array(size))
    yield* bootstrap()
    const holder = yield* sharer(1, { directory: shared })
    const requester = yield* sharer(2)
    yield* network.setLink(ipOf(1), ipOf(2), { bandwidth: speed, latency: "20 millis" })
    const fetch = Effect.forEach(names, (film) => requester.download(holder.self, film), { concurrency: "unbounded" })
    const fetching = yield* Effect.forkChild(Effect.result(fetch))
    for (let second = 0; second < seconds && fetching.pollUnsafe() === undefined; second++) yield* elapse("1 second")
    const fetched = yield* Effect.fromResult(yield* Fiber.join(fetching))
    assert.deepStrictEqual(fetched.map(({ bytes }) => bytes), names.map(() => size))
  })
})

describe("a floor of speed", () => {
  /** A download of 100 kB at 1000 bytes a second, with a floor. */
  const fetching = Effect.fnUntraced(function*(minBytesPerSecond: number) {
    const fs = yield* FileSystem.FileSystem
    const network = yield* MemoryNetwork.MemoryNetwork
    const film = name("film.mkv")
    const shared = yield* directory()
    yield* fs.writeFile((yield* Path.Path).join(shared, film), new Uint8Array(100_000))
    yield* bootstrap()
    const holder = yield* sharer(1, { directory: shared })
    const to = yield* directory()
    const requester = yield* sharer(2, { directory: to, config: { minBytesPerSecond } })
    yield* network.setLink(ipOf(1), ipOf(2), { bandwidth: 1000 })
    const fetch = yield* Effect.forkChild(Effect.result(requester.download(holder.self, film)))
    return { fetch, requester, left: fs.readDirectory(to) }
  })

  segmented.each([{ floor: 0, what: "none, as it is by default" }, { floor: 900, what: "a lower one" }])(
    "lets a slow download go on: $what",
    function*({ floor }) {
      const { fetch, requester } = yield* fetching(floor)
      yield* elapse("102 seconds")
      assert.strictEqual((yield* Effect.fromResult(yield* Fiber.join(fetch))).bytes, 100_000)
      const least = requester.told.flatMap((event) => event._tag === "Progress" ? [event.least] : [])
      assert.isTrue(least.length > 0 && least.every((shown) => shown === (floor === 0 ? undefined : floor)))
    }
  )

  segmented("ends a slower one, after 10 seconds that are free of charge, and nothing is left", function*() {
    const { fetch, left } = yield* fetching(2000)
    let seconds = 0
    for (; seconds < 30 && fetch.pollUnsafe() === undefined; seconds++) yield* elapse("1 second")
    // With 10 s free of charge, half of what has to come is too little after some 20 s of the transfer itself.
    assert.isTrue(seconds > 15 && seconds < 25, `${seconds} seconds`)
    const error = yield* Effect.flip(Effect.fromResult(yield* Fiber.join(fetch)))
    assert.strictEqual(error.reason._tag, "TooSlow")
    assert.match(error.message, /given up after \d{5} bytes: it was slower than 2000 bytes a second in all/)
    assert.deepStrictEqual(yield* left, [])
  })
})
