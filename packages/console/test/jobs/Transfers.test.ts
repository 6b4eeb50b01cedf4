/** Files on their way as a terminal and a page show them. */
import { assert } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { rateLately } from "../../src/jobs/Transfer.ts"
import * as Transfers from "../../src/jobs/Transfers.ts"
import { effect } from "../Test.ts"

const song = { name: "song.txt", peer: "10.0.0.2:5005" }
const saved = { path: "/shared/song.txt", bytes: 1000 }

const endsOf = ({ all }: Transfers.Transfers) => Effect.map(all, (all) => all.map(({ end }) => end))

effect("move while they are under way, tell so, and have all bytes when they are there", function*() {
  const told: Array<ReadonlyArray<number>> = []
  const downloads = Transfers.make((underWay) =>
    Effect.sync(() => void told.push(underWay.map(({ progress }) => progress.bytes)))
  )
  const arrival = yield* Deferred.make<typeof saved>()
  const running = yield* Effect.forkChild(downloads.during(song, Deferred.await(arrival)), { startImmediately: true })
  yield* downloads.advance({ name: "song.txt", bytes: 300, total: 1000 })
  yield* TestClock.adjust("1 second")
  yield* downloads.advance({ name: "song.txt", bytes: 500, total: 1000 })
  const [under] = yield* downloads.all
  assert.deepInclude(under, { direction: "in", peer: song.peer })
  assert.isUndefined(under?.end)
  yield* Deferred.succeed(arrival, saved)
  assert.deepStrictEqual(yield* Fiber.join(running), saved)
  const [done] = yield* downloads.all
  assert.deepInclude(done?.progress, { bytes: 1000, total: 1000 })
  assert.deepStrictEqual(done?.end, { done: true })
  yield* downloads.advance({ name: "song.txt", bytes: 1 })
  assert.deepStrictEqual((yield* downloads.all)[0], done)
  assert.deepStrictEqual(told, [[0], [300], [500], []])
})

effect("keep why they failed, or that they were broken off", function*() {
  const downloads = Transfers.make()
  yield* Effect.ignore(downloads.during(song, Effect.fail({ message: "There is no such file." })))
  assert.deepStrictEqual(yield* endsOf(downloads), [{ done: false, problem: "There is no such file." }])
  const waiting = yield* Effect.forkChild(downloads.during(song, Effect.never), { startImmediately: true })
  yield* Fiber.interrupt(waiting)
  assert.deepStrictEqual(yield* endsOf(downloads), [{ done: false, problem: "It was broken off; nothing was saved." }])
})

effect("are forgotten when a hundred later ones are over, but not while they are under way", function*() {
  const downloads = Transfers.make()
  yield* Effect.forkScoped(downloads.during(song, Effect.never), { startImmediately: true })
  for (let n = 0; n < 150; n++) yield* downloads.during({ ...song, name: `${n}.txt` }, Effect.succeed(saved))
  const names = (yield* downloads.all).map(({ progress }) => progress.name)
  assert.deepStrictEqual([names.length, names[0], names[1], names.at(-1)], [101, "song.txt", "50.txt", "149.txt"])
})

effect("have a rate of late, which falls while nothing comes", function*() {
  const downloads = Transfers.make()
  yield* Effect.forkScoped(downloads.during(song, Effect.never), { startImmediately: true })
  for (let n = 1; n <= 10; n++) {
    yield* downloads.advance({ name: "song.txt", bytes: n < 5 ? 10 * n : 1000 * n })
    yield* TestClock.adjust("1 second")
  }
  const [download] = yield* downloads.all
  assert.deepStrictEqual(download && [rateLately(download.progress, 9000), rateLately(download.progress, 12_000)], [
    1000,
    500
  ])
})

const upload = (bytes: number, peer = "10.0.0.3:50000") => ({ name: "song.txt", peer, bytes, total: 1000 })

effect("are uploads too: each by its file and by who asked for it, until all of its bytes were sent", function*() {
  const transfers = Transfers.make()
  const shown = Effect.map(
    transfers.all,
    (all) => all.map(({ direction, end, peer, progress }) => [direction, peer, progress.bytes, end?.done])
  )
  yield* Effect.forkScoped(transfers.during(song, Effect.never), { startImmediately: true })
  yield* transfers.serve(upload(0))
  yield* transfers.serve(upload(0, "10.0.0.4:50000"))
  yield* TestClock.adjust("1 second")
  yield* transfers.serve(upload(600))
  const [, moved] = yield* transfers.all
  assert.strictEqual(moved && rateLately(moved.progress, 2000), 300)
  assert.deepStrictEqual(yield* shown, [
    ["in", song.peer, 0, undefined],
    ["out", "10.0.0.3:50000", 600, undefined],
    ["out", "10.0.0.4:50000", 0, undefined]
  ])
  yield* transfers.serve(upload(1000))
  yield* transfers.breakOff(upload(0, "10.0.0.4:50000"))
  assert.deepStrictEqual((yield* shown).slice(1), [
    ["out", "10.0.0.3:50000", 1000, true],
    ["out", "10.0.0.4:50000", 0, false]
  ])
  // The same peer asks once more.
  yield* transfers.serve(upload(0))
  assert.deepStrictEqual((yield* shown).at(-1), ["out", "10.0.0.3:50000", 0, undefined])
  yield* transfers.loseUploads
  assert.deepStrictEqual(yield* shown, [["in", song.peer, 0, undefined], ["out", "10.0.0.4:50000", 0, false]])
})

effect("are forgotten in each direction by itself", function*() {
  const transfers = Transfers.make()
  yield* transfers.during(song, Effect.succeed(saved))
  for (let n = 0; n < 150; n++) yield* transfers.serve(upload(1000, `10.0.0.3:${n}`))
  const all = yield* transfers.all
  assert.deepStrictEqual([all.length, all[0]?.direction, all[1]?.peer], [101, "in", "10.0.0.3:50"])
})
