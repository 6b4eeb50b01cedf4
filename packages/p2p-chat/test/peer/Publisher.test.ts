/** How often a peer publishes the list of peers while it changes all the time. */
import { assert, describe } from "@effect/vitest"
import { Machines } from "@peerage/testing"
import { Effect, Latch, SubscriptionRef } from "effect"
import * as ChatConfig from "../../src/ChatConfig.ts"
import type { Peer } from "../../src/ChatEvent.ts"
import * as Events from "../../src/peer/Events.ts"
import * as Publisher from "../../src/peer/Publisher.ts"
import { elapse, id, numbers, settle, simulate, toldOf } from "./Network.ts"

/** A list of so many peers, one of which changes its hops; `lists` are the hops in each that was published since. */
const publishing = Effect.fnUntraced(function*(count: number) {
  const events = yield* Events.make("list", ChatConfig.defaults)
  const peers = yield* SubscriptionRef.make<ReadonlyArray<Peer>>([])
  const changed = yield* Latch.make()
  let hops = 0
  const list = Effect.sync(() => numbers(0, count).map((number) => ({ id: id(number), hops, nextHop: id(2) })))
  const told = yield* Machines.collect({ events: events.stream })
  yield* Effect.forkScoped(Publisher.run({ events, peers, changed, list }), { startImmediately: true })
  return {
    change: Effect.suspend(() => {
      hops++
      return Effect.andThen(changed.open, settle)
    }),
    lists: () => toldOf({ told: told.splice(0) }, "Peers").map(({ peers: [first] }) => first?.hops),
    hops: Effect.map(SubscriptionRef.get(peers), ([first]) => first?.hops)
  }
})

describe("a list of peers", () => {
  simulate("is published at once, then after 100 milliseconds where it has 10,000", function*() {
    const { change, hops, lists } = yield* publishing(10_000)
    yield* change
    assert.deepStrictEqual(lists(), [1])
    yield* change
    yield* change
    yield* elapse(99)
    assert.deepStrictEqual([lists(), yield* hops], [[], 1])
    yield* elapse(1)
    assert.deepStrictEqual([lists(), yield* hops], [[3], 3])
  })

  simulate(
    "is published as often as there is time for it while it changes without end, and last as it is then",
    function*() {
      const { change, lists } = yield* publishing(10_000)
      for (let round = 0; round < 100; round++) {
        yield* change
        yield* elapse(10)
      }
      yield* elapse("1 minute")
      assert.deepStrictEqual(lists(), [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
    }
  )

  simulate("is published at once again after a pause, and not where nothing changed in it", function*() {
    const { change, lists } = yield* publishing(10_000)
    for (const expected of [1, 2]) {
      yield* change
      assert.deepStrictEqual(lists(), [expected])
      yield* elapse("1 minute")
      assert.deepStrictEqual(lists(), [])
    }
  })

  simulate("is published after each change at once where it has fewer than 100", function*() {
    const { change, lists } = yield* publishing(99)
    for (let round = 0; round < 5; round++) yield* change
    assert.deepStrictEqual(lists(), [1, 2, 3, 4, 5])
  })
})
