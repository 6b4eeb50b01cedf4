import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Fiber, Schedule, Scope, Stream, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { Rejoining } from "../src/index.ts"
import { end, Network, type Reason, rejoining, type Session, statusesOf } from "./Joining.ts"
import { settle } from "./Waiting.ts"

describe("a peer that rejoins", () => {
  rejoining("is not made when it cannot join at first, and leaves nothing behind", function*(network) {
    network.refusals.push("Refused")
    assert.strictEqual(yield* Effect.flip(network.make()), "Refused")
    assert.deepStrictEqual(network.happened(), ["joins after none", "closes, Refused"])
  })

  rejoining("closes a session that has ended, with why, and joins again when its schedule says so", function*(network) {
    const peer = yield* network.make()
    assert.deepStrictEqual([peer.session().id, network.happened()], [1, ["joins after none"]])
    yield* settle
    yield* end(peer, "Lost")
    assert.deepStrictEqual(network.happened(), ["closes, Lost", "1 ended, Lost"])
    yield* TestClock.adjust(999)
    assert.deepStrictEqual(network.happened(), [])
    yield* TestClock.adjust(1)
    assert.deepStrictEqual([peer.session().id, network.happened()], [2, ["joins after 1"]])
  })

  rejoining("goes on trying, and says where it stands", function*(network) {
    const peer = yield* network.make()
    const statuses = yield* statusesOf(peer)
    network.refusals.push("Refused", "Lost")
    yield* end(peer, "Lost")
    network.happened()
    for (let second = 0; second < 3; second++) yield* TestClock.adjust("1 second")
    const failing = (reason: Reason) => ["joins after 1", `closes, ${reason}`, `failed, ${reason}`]
    assert.deepStrictEqual(network.happened(), [...failing("Refused"), ...failing("Lost"), "joins after 1"])
    yield* end(peer, "Refused")
    assert.deepStrictEqual(statuses, ["Joined", "Reconnecting, Lost", "Joined", "Reconnecting, Refused"])
  })

  it.effect("has its new session when it says that it has joined", () =>
    Effect.gen(function*() {
      const peer = yield* new Network().make()
      const ids: Array<number> = []
      yield* Effect.forkScoped(Stream.runForEach(SubscriptionRef.changes(peer.status), ({ _tag }) =>
        Effect.sync(() => {
          if (_tag === "Joined") ids.push(peer.session().id)
        })))
      yield* settle
      yield* end(peer, "Lost")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(ids, [1, 2])
    }))

  it.effect.each(
    [
      { when: "its session ended so", refusals: [], reason: "Banned", happened: ["closes, Banned", "1 ended, Banned"] },
      {
        when: "another try ended so",
        refusals: ["Banned"],
        reason: "Lost",
        happened: ["closes, Lost", "1 ended, Lost", "joins after 1", "closes, Banned", "failed, Banned"]
      }
    ] as const
  )("stops at what another try cannot help, when $when", ({ happened, reason, refusals }) =>
    Effect.gen(function*() {
      const network = new Network()
      const peer = yield* network.make()
      const statuses = yield* statusesOf(peer)
      network.refusals.push(...refusals)
      network.happened()
      yield* end(peer, reason)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual<ReadonlyArray<string>>(network.happened(), happened)
      assert.strictEqual(yield* Effect.flip(peer.left), "Banned")
      assert.strictEqual(statuses.at(-1), "Left, Banned")
    }))

  rejoining("gives up when its schedule ends, with what failed last", function*(network) {
    const peer = yield* network.make({ rejoin: Schedule.recurs(2) })
    network.refusals.push("Lost", "Refused", "Refused")
    yield* settle
    yield* end(peer, "Lost")
    assert.strictEqual(yield* Effect.flip(peer.left), "Refused")
    assert.strictEqual(network.refusals.length, 1)
  })

  rejoining("never tries without a schedule", function*(network) {
    const peer = yield* network.make({ rejoin: undefined })
    const statuses = yield* statusesOf(peer)
    network.happened()
    yield* end(peer, "Lost")
    assert.strictEqual(yield* Effect.flip(peer.left), "Lost")
    assert.deepStrictEqual(network.happened(), ["closes, Lost", "1 ended, Lost"])
    assert.deepStrictEqual(statuses, ["Joined", "Left, Lost"])
  })

  rejoining("begins its schedule anew after a session that lasted, but not after one that did not", function*(network) {
    network.leaving = 60_000
    const peer = yield* network.make({ rejoin: Schedule.recurs(2) })
    yield* settle
    const lost = Effect.gen(function*() {
      yield* end(peer, "Lost")
      // Leaving takes longer than a session that lasted, and does not count as one.
      yield* TestClock.adjust("60 seconds")
      yield* settle
      return (yield* SubscriptionRef.get(peer.status))._tag
    })
    const statuses = [yield* lost]
    yield* TestClock.adjust(10_001)
    statuses.push(yield* lost, yield* lost)
    yield* TestClock.adjust(10_000)
    statuses.push(yield* lost)
    // What is asserted below fails at once, instead of waiting for a session to be left in a time that stands still.
    network.leaving = 0
    assert.deepStrictEqual(statuses, ["Joined", "Joined", "Joined", "Left"])
  })
})

describe("leaving the scope of a peer that rejoins", () => {
  const joined = Effect.fnUntraced(
    function*(network: Network, options?: Partial<Rejoining.Options<Session, Reason, Reason>>) {
      const scope = yield* Scope.make()
      const peer = yield* Scope.provide(network.make(options), scope)
      yield* settle
      network.happened()
      return { peer, leave: Effect.andThen(Scope.close(scope, Exit.void), settle) }
    }
  )

  rejoining("leaves the network, which is no failure", function*(network) {
    const { leave, peer } = yield* joined(network)
    const left = yield* Effect.forkChild(peer.left)
    yield* leave
    yield* TestClock.adjust("1 hour")
    assert.deepStrictEqual(network.happened(), ["closes, Left"])
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Left", reason: "Left" })
    assert.isUndefined(left.pollUnsafe())
  })

  rejoining("ends its trying", function*(network) {
    const { leave, peer } = yield* joined(network)
    yield* end(peer, "Lost")
    yield* leave
    network.happened()
    yield* TestClock.adjust("1 hour")
    assert.deepStrictEqual(network.happened(), [])
    assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Left", reason: "Left" })
  })

  rejoining("while a session is being closed waits for the rest of that", function*(network) {
    network.leaving = 1000
    const { leave, peer } = yield* joined(network)
    yield* end(peer, "Lost")
    yield* Effect.forkChild(leave)
    yield* settle
    assert.deepStrictEqual(network.happened(), [])
    yield* TestClock.adjust("1 second")
    assert.include(network.happened(), "closes, Lost")
  })

  it.effect("keeps the reason of a peer that had left before", () =>
    Effect.gen(function*() {
      const { leave, peer } = yield* joined(new Network())
      yield* end(peer, "Banned")
      yield* leave
      assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Left", reason: "Banned" })
    }))
})

describe("a peer with a bug", () => {
  const bug = Effect.die("a bug")
  const lost = () => Effect.fail<Reason>("Lost")
  const bugs: ReadonlyArray<
    { readonly where: string; readonly options: Partial<Rejoining.Options<Session, Reason, Reason>> }
  > = [
    { where: "staying", options: { stay: () => bug } },
    { where: "what it does after a session", options: { stay: lost, ended: () => bug } },
    { where: "its schedule", options: { stay: lost, rejoin: Schedule.fromStepWithMetadata(bug) } }
  ]

  it.effect.each(bugs)(
    "in $where has left and dies of it, instead of staying for ever",
    ({ options }) =>
      Effect.gen(function*() {
        const peer = yield* new Network().make(options)
        const exit = yield* Effect.exit(peer.left)
        assert.isTrue(Exit.isFailure(exit) && Cause.squash(exit.cause) === "a bug")
        assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Left", reason: "Defect" })
      })
  )
})

describe("what is made persistently", () => {
  const mayRetry = (reason: Reason) => reason !== "Banned"

  rejoining("is tried until it succeeds, each try with a scope that ends before the next", function*(network) {
    network.refusals.push("Lost", "Refused")
    const making = Rejoining.persistently(network.join(undefined), Schedule.spaced("1 second"), { mayRetry })
    const scope = yield* Scope.make()
    const fiber = yield* Effect.forkChild(Scope.provide(making, scope))
    yield* settle
    for (let second = 0; second < 2; second++) yield* TestClock.adjust("1 second")
    assert.strictEqual((yield* Fiber.join(fiber)).id, 1)
    const none = "joins after none"
    assert.deepStrictEqual(network.happened(), [none, "closes, Lost", none, "closes, Refused", none])
    yield* Scope.close(scope, Exit.void)
    assert.deepStrictEqual(network.happened(), ["closes, Left"])
  })

  rejoining("is given up after what another try cannot help, or when the schedule ends", function*(network) {
    network.refusals.push("Banned", "Lost", "Refused")
    const making = Rejoining.persistently(network.join(undefined), Schedule.recurs(1), { mayRetry })
    assert.strictEqual(yield* Effect.flip(making), "Banned")
    assert.strictEqual(yield* Effect.flip(making), "Refused")
  })

  rejoining("waits as long as the reason wants, and says so for as long as it waits", function*(network) {
    network.refusals.push("Lost", "Refused")
    const waits: Array<string> = []
    const note = (text: string) => Effect.sync(() => void waits.push(text))
    const making = Rejoining.persistently(network.join(undefined), Schedule.spaced("2 seconds"), {
      mayRetry,
      notBefore: (reason) => reason === "Refused" ? "5 seconds" : "1 second",
      waiting: ({ pause, reason }) =>
        note(`${reason} ${Duration.toSeconds(pause)}`).pipe(Effect.andThen(Effect.never), Effect.ensuring(note("over")))
    })
    const fiber = yield* Effect.forkChild(making)
    yield* settle
    yield* TestClock.adjust("2 seconds")
    assert.deepStrictEqual(waits, ["Lost 2", "over", "Refused 5"])
    yield* TestClock.adjust("5 seconds")
    assert.strictEqual((yield* Fiber.join(fiber)).id, 1)
    assert.deepStrictEqual(waits, ["Lost 2", "over", "Refused 5", "over"])
  })
})
