import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Schedule, Scope, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import type { Rejoining } from "../src/index.ts"
import { end, Network, type Reason, type Session } from "./Joining.ts"
import { settle } from "./Waiting.ts"

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

  it.effect("leaves the network, which is no failure", () =>
    Effect.gen(function*() {
      const network = new Network()
      const { leave, peer } = yield* joined(network)
      const left = yield* Effect.forkChild(peer.left)
      yield* leave
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(network.happened(), ["closes, Left"])
      assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Left", reason: "Left" })
      assert.isUndefined(left.pollUnsafe())
    }))

  it.effect("ends its trying", () =>
    Effect.gen(function*() {
      const network = new Network()
      const { leave, peer } = yield* joined(network)
      yield* end(peer, "Lost")
      yield* leave
      network.happened()
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(network.happened(), [])
      assert.deepStrictEqual(yield* SubscriptionRef.get(peer.status), { _tag: "Left", reason: "Left" })
    }))

  it.effect("while a session is being closed waits for the rest of that", () =>
    Effect.gen(function*() {
      const network = new Network()
      network.leaving = 1000
      const { leave, peer } = yield* joined(network)
      yield* end(peer, "Lost")
      yield* Effect.forkChild(leave)
      yield* settle
      assert.deepStrictEqual(network.happened(), [])
      yield* TestClock.adjust("1 second")
      assert.include(network.happened(), "closes, Lost")
    }))

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
