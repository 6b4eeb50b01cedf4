import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Schedule, Scope, Stream, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { Rejoining } from "../src/index.ts"
import { settle } from "./Waiting.ts"

type Reason = "Lost" | "Refused" | "Banned"

interface Session {
  readonly id: number
  readonly end: Deferred.Deferred<never, Reason>
}

/** A network that takes everybody in, except for `refusals`, and what a peer does there, step by step. */
class Network {
  readonly refusals: Array<Reason> = []
  readonly log: Array<string> = []
  /** Milliseconds that leaving a session takes. */
  leaving = 0
  private sessions = 0

  private readonly note = (text: string) => Effect.sync(() => void this.log.push(text))

  readonly join = Effect.fnUntraced(
    function*(this: Network, previous: Session | undefined): Effect.fn.Return<Session, Reason, Scope.Scope> {
      yield* this.note(`joins after ${previous?.id ?? "none"}`)
      yield* Effect.addFinalizer((exit) =>
        this.note(`closes, ${Exit.isSuccess(exit) ? "Left" : Cause.squash(exit.cause)}`)
      )
      yield* Effect.addFinalizer(() => this.leaving === 0 ? Effect.void : Effect.sleep(this.leaving))
      const refusal = this.refusals.shift()
      if (refusal !== undefined) return yield* Effect.fail(refusal)
      return { id: ++this.sessions, end: yield* Deferred.make<never, Reason>() }
    }.bind(this)
  )

  readonly make = (options: Partial<Rejoining.Options<Session, Reason, Reason>> = {}) =>
    Rejoining.make<Session, Reason, Reason>({
      join: this.join,
      stay: ({ end }) => Deferred.await(end),
      rejoin: Schedule.spaced("1 second"),
      mayRetry: (reason) => reason !== "Banned",
      lasting: "10 seconds",
      reasonOf: (reason) => reason,
      ended: ({ id }, reason) => this.note(`${id} ended, ${reason}`),
      failed: (reason) => this.note(`failed, ${reason}`),
      ...options
    })

  /** Forgets the log, and gives it. */
  readonly happened = () => this.log.splice(0)
}

/** Ends the latest session, and lets what follows at once happen. */
const end = (peer: Rejoining.Rejoining<Session, Reason, Reason>, reason: Reason) =>
  Effect.andThen(Deferred.fail(peer.session().end, reason), settle)

/** Every status from now on, in words. */
const statusesOf = Effect.fnUntraced(function*({ status }: Rejoining.Rejoining<Session, Reason, Reason>) {
  const seen: Array<string> = []
  const words = (now: Rejoining.Status) => "reason" in now ? `${now._tag}, ${now.reason}` : now._tag
  yield* Effect.forkScoped(
    Stream.runForEach(SubscriptionRef.changes(status), (now) => Effect.sync(() => void seen.push(words(now))))
  )
  yield* settle
  return seen
})

describe("a peer that rejoins", () => {
  it.effect("is not made when it cannot join at first, and leaves nothing behind", () =>
    Effect.gen(function*() {
      const network = new Network()
      network.refusals.push("Refused")
      assert.strictEqual(yield* Effect.flip(network.make()), "Refused")
      assert.deepStrictEqual(network.happened(), ["joins after none", "closes, Refused"])
    }))

  it.effect("closes a session that has ended, with why, and joins again when its schedule says so", () =>
    Effect.gen(function*() {
      const network = new Network()
      const peer = yield* network.make()
      assert.deepStrictEqual([peer.session().id, network.happened()], [1, ["joins after none"]])
      yield* settle
      yield* end(peer, "Lost")
      assert.deepStrictEqual(network.happened(), ["closes, Lost", "1 ended, Lost"])
      yield* TestClock.adjust(999)
      assert.deepStrictEqual(network.happened(), [])
      yield* TestClock.adjust(1)
      assert.deepStrictEqual([peer.session().id, network.happened()], [2, ["joins after 1"]])
    }))

  it.effect("goes on trying, and says where it stands", () =>
    Effect.gen(function*() {
      const network = new Network()
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
    }))

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

  it.effect("gives up when its schedule ends, with what failed last", () =>
    Effect.gen(function*() {
      const network = new Network()
      const peer = yield* network.make({ rejoin: Schedule.recurs(2) })
      network.refusals.push("Lost", "Refused", "Refused")
      yield* settle
      yield* end(peer, "Lost")
      assert.strictEqual(yield* Effect.flip(peer.left), "Refused")
      assert.strictEqual(network.refusals.length, 1)
    }))

  it.effect("never tries without a schedule", () =>
    Effect.gen(function*() {
      const network = new Network()
      const peer = yield* network.make({ rejoin: undefined })
      const statuses = yield* statusesOf(peer)
      network.happened()
      yield* end(peer, "Lost")
      assert.strictEqual(yield* Effect.flip(peer.left), "Lost")
      assert.deepStrictEqual(network.happened(), ["closes, Lost", "1 ended, Lost"])
      assert.deepStrictEqual(statuses, ["Joined", "Left, Lost"])
    }))

  it.effect("begins its schedule anew after a session that lasted, but not after one that did not", () =>
    Effect.gen(function*() {
      const network = new Network()
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
      assert.strictEqual(yield* lost, "Joined")
      yield* TestClock.adjust(10_001)
      assert.deepStrictEqual([yield* lost, yield* lost], ["Joined", "Joined"])
      yield* TestClock.adjust(10_000)
      assert.strictEqual(yield* lost, "Left")
    }))
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
