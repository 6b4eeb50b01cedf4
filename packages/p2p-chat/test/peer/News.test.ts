/** How often a peer tells who can be reached, while that changes all the time. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import type { ChatEvent, Peer } from "../../src/ChatEvent.ts"
import * as Events from "../../src/peer/Events.ts"
import { News } from "../../src/peer/News.ts"
import { id } from "./Network.ts"

/** News of so many peers, one of which changes its hops. */
const newsroom = Effect.fnUntraced(function*(count: number) {
  const events = yield* Events.make("news", 8192)
  const peers = yield* SubscriptionRef.make<ReadonlyArray<Peer>>([])
  let hops = 0
  const list = () => Array.from({ length: count }, (_, index) => ({ id: id(index), hops, nextHop: id(2) }))
  const news = new News({ events, peers, list })
  const told: Array<ChatEvent> = []
  yield* Effect.forkScoped(
    Stream.runForEach(events.stream, (event) => Effect.sync(() => void told.push(event))),
    { startImmediately: true }
  )
  yield* Effect.forkScoped(news.catchUp, { startImmediately: true })
  const change = Effect.suspend(() => {
    hops++
    news.add({ _tag: "Joined", peer: id(hops) })
    news.change()
    return Effect.andThen(news.tell, TestClock.adjust(0))
  })
  /** Hops in each list that was told since the last look, and the number of those who joined. */
  const latest = () => {
    const since = told.splice(0)
    return {
      lists: since.flatMap((event) => event._tag === "Peers" ? [event.peers[0]?.hops] : []),
      joined: since.filter(({ _tag }) => _tag === "Joined").length
    }
  }
  return { change, latest, news, hops: Effect.map(SubscriptionRef.get(peers), ([first]) => first?.hops) }
})

describe("who can be reached", () => {
  it.effect("is told at once, then after 100 milliseconds where there are 10,000, and who came at once", () =>
    Effect.gen(function*() {
      const { change, hops, latest } = yield* newsroom(10_000)
      yield* change
      assert.deepStrictEqual(latest(), { lists: [1], joined: 1 })
      yield* change
      yield* change
      yield* TestClock.adjust(99)
      assert.deepStrictEqual(latest(), { lists: [], joined: 2 })
      assert.strictEqual(yield* hops, 1)
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(latest(), { lists: [3], joined: 0 })
      assert.strictEqual(yield* hops, 3)
    }).pipe(Effect.scoped))

  it.effect("is told as often as there is time for it while it changes without end, and the last time as it is then", () =>
    Effect.gen(function*() {
      const { change, latest } = yield* newsroom(10_000)
      for (let round = 0; round < 100; round++) {
        yield* change
        yield* TestClock.adjust(10)
      }
      yield* TestClock.adjust("1 minute")
      const { joined, lists } = latest()
      assert.strictEqual(joined, 100)
      assert.deepStrictEqual(lists, [1, ...Array.from({ length: 9 }, (_, index) => 10 * (index + 1)), 100])
    }).pipe(Effect.scoped))

  it.effect("is told at once again after a pause, and not told where nothing changed in it", () =>
    Effect.gen(function*() {
      const { change, latest, news } = yield* newsroom(10_000)
      yield* change
      yield* TestClock.adjust("1 minute")
      yield* news.tell
      assert.deepStrictEqual(latest().lists, [1])
      yield* change
      assert.deepStrictEqual(latest().lists, [2])
    }).pipe(Effect.scoped))

  it.effect("is told of each change at once where there are fewer than 100", () =>
    Effect.gen(function*() {
      const { change, latest } = yield* newsroom(99)
      for (let round = 0; round < 5; round++) yield* change
      assert.deepStrictEqual(latest(), { lists: [1, 2, 3, 4, 5], joined: 5 })
    }).pipe(Effect.scoped))
})
