/** Downloads as a terminal and a page show them. */
import { assert } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Downloads from "../../src/jobs/Downloads.ts"
import { rateLately } from "../../src/jobs/Transfer.ts"
import { effect } from "../Test.ts"

const song = { name: "song.txt", peer: "10.0.0.2:5005" }
const saved = { path: "/shared/song.txt", bytes: 1000 }

const endsOf = ({ all }: Downloads.Downloads) => Effect.map(all, (all) => all.map(({ end }) => end))

effect("move while they are under way, tell so, and have all bytes when they are there", function*() {
  const told: Array<ReadonlyArray<number>> = []
  const downloads = Downloads.make((underWay) => Effect.sync(() => void told.push(underWay.map(({ bytes }) => bytes))))
  const arrival = yield* Deferred.make<typeof saved>()
  const running = yield* Effect.forkChild(downloads.during(song, Deferred.await(arrival)), { startImmediately: true })
  yield* downloads.advance({ name: "song.txt", bytes: 300, total: 1000 })
  yield* TestClock.adjust("1 second")
  yield* downloads.advance({ name: "song.txt", bytes: 500, total: 1000 })
  const [under] = yield* downloads.all
  assert.deepInclude(under, { peer: song.peer })
  assert.isUndefined(under?.end)
  yield* Deferred.succeed(arrival, saved)
  assert.deepStrictEqual(yield* Fiber.join(running), saved)
  const [done] = yield* downloads.all
  assert.deepInclude(done?.transfer, { bytes: 1000, total: 1000 })
  assert.deepStrictEqual(done?.end, { done: true })
  yield* downloads.advance({ name: "song.txt", bytes: 1 })
  assert.deepStrictEqual((yield* downloads.all)[0], done)
  assert.deepStrictEqual(told, [[0], [300], [500], []])
})

effect("keep why they failed, or that they were broken off", function*() {
  const downloads = Downloads.make()
  yield* Effect.ignore(downloads.during(song, Effect.fail({ message: "There is no such file." })))
  assert.deepStrictEqual(yield* endsOf(downloads), [{ done: false, problem: "There is no such file." }])
  const waiting = yield* Effect.forkChild(downloads.during(song, Effect.never), { startImmediately: true })
  yield* Fiber.interrupt(waiting)
  assert.deepStrictEqual(yield* endsOf(downloads), [{ done: false, problem: "It was broken off; nothing was saved." }])
})

effect("are forgotten when a hundred later ones are over, but not while they are under way", function*() {
  const downloads = Downloads.make()
  yield* Effect.forkScoped(downloads.during(song, Effect.never), { startImmediately: true })
  for (let n = 0; n < 150; n++) yield* downloads.during({ ...song, name: `${n}.txt` }, Effect.succeed(saved))
  const names = (yield* downloads.all).map(({ transfer }) => transfer.name)
  assert.deepStrictEqual([names.length, names[0], names[1], names.at(-1)], [101, "song.txt", "50.txt", "149.txt"])
})

effect("have a rate of late, which falls while nothing comes", function*() {
  const downloads = Downloads.make()
  yield* Effect.forkScoped(downloads.during(song, Effect.never), { startImmediately: true })
  for (let n = 1; n <= 10; n++) {
    yield* downloads.advance({ name: "song.txt", bytes: n < 5 ? 10 * n : 1000 * n })
    yield* TestClock.adjust("1 second")
  }
  const [download] = yield* downloads.all
  assert.deepStrictEqual(download && [rateLately(download.transfer, 9000), rateLately(download.transfer, 12_000)], [
    1000,
    500
  ])
})
