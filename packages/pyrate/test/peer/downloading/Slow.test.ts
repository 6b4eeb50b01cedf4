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
