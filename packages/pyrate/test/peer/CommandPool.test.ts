/** The workers of a peer. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import * as CommandPool from "../../src/peer/CommandPool.ts"

const limits = {
  maxWorkers: 4,
  maxFanOut: 2,
  maxServed: 4,
  maxServedPerAddress: 4,
  maxServedPerNetwork: 4,
  maxWaiting: 3,
  maxWaitingPerAddress: 3,
  maxWaitingPerNetwork: 3
}
const peer = "10.0.0.1:5005"
type Command = CommandPool.Command
const inbound = (kind: CommandPool.Inbound = "ListRequest"): Command => ({ _tag: "Inbound", kind, peer })
const outbound = (kind: CommandPool.Outbound = "ListRequest"): Command => ({ _tag: "Outbound", kind, peer })
const relayed: Command = { _tag: "Relayed", kind: "SearchRequest", peer }

/** A pool whose commands last until they are let go, and a note of which have begun. */
const scene = Effect.fnUntraced(function*(changes: Partial<typeof limits> = {}) {
  const pool = yield* CommandPool.make({ ...limits, ...changes })
  const gate = yield* Deferred.make<void>()
  const begun: Array<number> = []
  let at = 0
  let most = 0
  const run = (command: Command, number = 0) =>
    pool.run(
      command,
      Effect.gen(function*() {
        begun.push(number)
        most = Math.max(most, ++at)
        yield* Deferred.await(gate)
        at--
      })
    )
  const start = (command: Command, count: number) =>
    Effect.forEach(
      Array.from({ length: count }, (_, index) => index),
      (number) => Effect.forkChild(run(command, number), { startImmediately: true })
    )
  return { pool, begun, start, run, open: Deferred.succeed(gate, undefined), most: () => most }
})

describe("the commands of a peer", () => {
  it.effect("begin in the order of their arrival", () =>
    Effect.gen(function*() {
      const { begun, open, start } = yield* scene({ maxWorkers: 1 })
      const commands = yield* start(outbound(), 10)
      assert.deepStrictEqual(begun, [0])
      yield* open
      yield* Fiber.joinAll(commands)
      assert.deepStrictEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }))

  it.effect("run so many at once", () =>
    Effect.gen(function*() {
      const { begun, most, open, start } = yield* scene()
      const commands = yield* start(outbound(), 10)
      assert.strictEqual(begun.length, 4)
      yield* open
      yield* Fiber.joinAll(commands)
      assert.deepStrictEqual([begun.length, most()], [10, 4])
    }))

  it.effect("can be looked at, those that wait among them, until they are done", () =>
    Effect.gen(function*() {
      const { open, pool, start } = yield* scene({ maxWorkers: 1 })
      const commands = [...yield* start(outbound("SearchRequest"), 2), ...yield* start(inbound(), 1)]
      assert.deepStrictEqual(yield* pool.commands, [outbound("SearchRequest"), outbound("SearchRequest"), inbound()])
      yield* open
      yield* Fiber.joinAll(commands)
      assert.deepStrictEqual(yield* pool.commands, [])
    }))

  it.effect("leave their places when they are broken off, while they run and while they wait", () =>
    Effect.gen(function*() {
      const { begun, pool, run, start } = yield* scene({ maxServed: 1, maxWaiting: 1 })
      const commands = yield* start(inbound(), 2)
      assert.strictEqual((yield* Effect.flip(run(inbound())))._tag, "TooMany")
      yield* Effect.forEach(commands.toReversed(), Fiber.interrupt)
      assert.deepStrictEqual(yield* pool.commands, [])
      yield* start(inbound(), 2)
      assert.strictEqual(begun.length, 2)
    }))

  it.effect("may be the same one twice at once, each with a place of its own", () =>
    Effect.gen(function*() {
      const { pool } = yield* scene({ maxWorkers: 2 })
      const [one, other] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const gates = [one, other].values()
      const same = pool.run(outbound(), Effect.suspend(() => Deferred.await(gates.next().value ?? one)))
      const first = yield* Effect.forkChild(same, { startImmediately: true })
      const second = yield* Effect.forkChild(same, { startImmediately: true })
      yield* Deferred.succeed(one, undefined)
      yield* Fiber.join(first)
      assert.deepStrictEqual(yield* pool.commands, [outbound()])
      yield* Deferred.succeed(other, undefined)
      yield* Fiber.join(second)
      assert.deepStrictEqual(yield* pool.commands, [])
    }))

  it.effect("leave their places when they fail", () =>
    Effect.gen(function*() {
      const { pool } = yield* scene({ maxWorkers: 1 })
      assert.strictEqual(yield* Effect.flip(pool.run(outbound(), Effect.fail("no"))), "no")
      assert.strictEqual(yield* pool.run(outbound(), Effect.succeed("yes")), "yes")
    }))
})

describe("queues of their own", () => {
  const queues: ReadonlyArray<readonly [string, Command]> = [
    ["requests of others", inbound()],
    ["the peer's own work", outbound()],
    ["relayed messages", relayed],
    ["transfers to others", inbound("DownloadRequest")],
    ["downloads", outbound("DownloadRequest")]
  ]
  const pairs = queues.flatMap(([busy, command]) =>
    queues.flatMap(([free, other]) => busy === free ? [] : [{ busy, command, free, other }])
  )

  it.effect.each(pairs)("keep $free from waiting behind $busy", ({ command, other }) =>
    Effect.gen(function*() {
      const { pool, start } = yield* scene({ maxWaiting: 100, maxWaitingPerAddress: 100, maxWaitingPerNetwork: 100 })
      yield* start(command, 50)
      assert.strictEqual(yield* pool.run(other, Effect.succeed("done")), "done")
    }))
})

describe("too many commands", () => {
  it.effect.each([
    { what: "requests of others", command: inbound(), room: 4 + 3 },
    { what: "uploads", command: inbound("DownloadRequest"), room: 4 + 3 },
    { what: "relayed messages", command: relayed, room: 4 * 2 + 3 }
  ])("of others are refused when as many wait as may: $what", ({ command, room }) =>
    Effect.gen(function*() {
      const { run, start } = yield* scene()
      const started = yield* start(command, room)
      assert.isTrue(started.every((fiber) => fiber.pollUnsafe() === undefined))
      assert.strictEqual((yield* Effect.flip(run(command)))._tag, "TooMany")
    }))

  it.effect("of one address keep no other from having its turn next", () =>
    Effect.gen(function*() {
      const { begun, open, run, start } = yield* scene({ maxServed: 1 })
      const ours = yield* start(inbound("DownloadRequest"), 3)
      const other: Command = { _tag: "Inbound", kind: "DownloadRequest", peer: "10.0.9.1:5005" }
      const theirs = yield* Effect.forkChild(run(other, 100), { startImmediately: true })
      assert.deepStrictEqual(begun, [0])
      yield* open
      yield* Fiber.joinAll([...ours, theirs])
      assert.deepStrictEqual(begun, [0, 1, 100, 2])
    }))

  it.effect("of the peer itself only wait", () =>
    Effect.gen(function*() {
      const started = yield* (yield* scene()).start(outbound(), 100)
      assert.isTrue(started.every((fiber) => fiber.pollUnsafe() === undefined))
    }))
})
