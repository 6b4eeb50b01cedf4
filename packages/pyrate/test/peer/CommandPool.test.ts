/** The workers of a peer. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import * as CommandPool from "../../src/peer/CommandPool.ts"

const limits = { maxWorkers: 4, maxWaiting: 3, maxFanOut: 2 }
const peer = "10.0.0.1:5005"
type Command = CommandPool.Command
const inbound = (kind: CommandPool.Inbound = "ListRequest"): Command => ({ _tag: "Inbound", kind, peer })
const outbound = (kind: CommandPool.Outbound = "ListRequest"): Command => ({ _tag: "Outbound", kind, peer })
const relayed: Command = { _tag: "Relayed", kind: "SearchRequest", peer }

/** Commands that last until they are let go, and a note of who has begun. */
const work = (pool: CommandPool.CommandPool) => {
  const gate = Deferred.makeUnsafe<void>()
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
  return { begun, start, run, open: Deferred.succeed(gate, undefined), most: () => most }
}

describe("the commands of a peer", () => {
  it.effect("are begun in the order of their arrival", () =>
    Effect.gen(function*() {
      const { begun, open, start } = work(CommandPool.make({ ...limits, maxWorkers: 1 }))
      const commands = yield* start(outbound(), 10)
      assert.deepStrictEqual(begun, [0])
      yield* open
      yield* Fiber.joinAll(commands)
      assert.deepStrictEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }))

  it.effect("are done so many at once", () =>
    Effect.gen(function*() {
      const { begun, most, open, start } = work(CommandPool.make(limits))
      const commands = yield* start(outbound(), 10)
      assert.strictEqual(begun.length, 4)
      yield* open
      yield* Fiber.joinAll(commands)
      assert.deepStrictEqual([begun.length, most()], [10, 4])
    }))

  it.effect("can be looked at, those that wait among them, until they are done", () =>
    Effect.gen(function*() {
      const pool = CommandPool.make({ ...limits, maxWorkers: 1 })
      const { open, start } = work(pool)
      const commands = [...yield* start(outbound("SearchRequest"), 2), ...yield* start(inbound(), 1)]
      assert.deepStrictEqual(yield* pool.commands, [outbound("SearchRequest"), outbound("SearchRequest"), inbound()])
      yield* open
      yield* Fiber.joinAll(commands)
      assert.deepStrictEqual(yield* pool.commands, [])
    }))

  it.effect("leave their places when they are broken off, while they run and while they wait", () =>
    Effect.gen(function*() {
      const pool = CommandPool.make({ ...limits, maxWorkers: 1, maxWaiting: 1 })
      const { begun, run, start } = work(pool)
      const [first, second] = yield* start(inbound(), 2)
      assert.strictEqual((yield* Effect.flip(run(inbound())))._tag, "TooMany")
      if (second !== undefined) yield* Fiber.interrupt(second)
      if (first !== undefined) yield* Fiber.interrupt(first)
      assert.deepStrictEqual(yield* pool.commands, [])
      yield* start(inbound(), 2)
      assert.strictEqual(begun.length, 2)
    }))

  it.effect("leave their places when they fail", () =>
    Effect.gen(function*() {
      const pool = CommandPool.make({ ...limits, maxWorkers: 1 })
      assert.strictEqual(yield* Effect.flip(pool.run(outbound(), Effect.fail("no"))), "no")
      assert.strictEqual(yield* pool.run(outbound(), Effect.succeed("yes")), "yes")
    }))
})

describe("lines of their own", () => {
  const lines: ReadonlyArray<readonly [string, Command]> = [
    ["what others ask", inbound()],
    ["what is its own", outbound()],
    ["what is passed on", relayed],
    ["a file that is sent", inbound("DownloadRequest")],
    ["a file that is fetched", outbound("DownloadRequest")]
  ]
  const pairs = lines.flatMap(([busy, command]) =>
    lines.flatMap(([free, other]) => busy === free ? [] : [{ busy, command, free, other }])
  )

  it.effect.each(pairs)("keep $free from waiting behind $busy", ({ command, other }) =>
    Effect.gen(function*() {
      const pool = CommandPool.make({ ...limits, maxWaiting: 100 })
      yield* work(pool).start(command, 50)
      assert.strictEqual(yield* pool.run(other, Effect.succeed("done")), "done")
    }))
})

describe("too many commands", () => {
  const refusedAfter = (command: Command) =>
    Effect.gen(function*() {
      const pool = CommandPool.make(limits)
      const { run, start } = work(pool)
      let taken = 0
      while (taken < 100) {
        const [last] = yield* start(command, 1)
        if (last?.pollUnsafe() !== undefined) break
        taken++
      }
      if (taken < 100) assert.strictEqual((yield* Effect.flip(run(command)))._tag, "TooMany")
      return taken
    })

  it.effect("of others are refused when as many wait as may", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refusedAfter(inbound()), 4 + 3)
      assert.strictEqual(yield* refusedAfter(inbound("DownloadRequest")), 4 + 3)
      assert.strictEqual(yield* refusedAfter(relayed), 4 * 2 + 3)
    }))

  it.effect("of its own only wait", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refusedAfter(outbound()), 100)
    }))
})
