/** What several sends become on the wire, and what several arrivals become for the application. */
import { assert, describe } from "@effect/vitest"
import { Connection } from "@peerage/peerpy"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Result, Schema, Stream } from "effect"
import { connected } from "../manners/Ours.ts"
import { both, elapse, ipOf, reasonsOf, running, settle, test, valuesOf } from "./Network.ts"

const json = { type: "json" } as const
const numbers = (length: number) => Array.from({ length }, (_, number) => number)

/** How many bytes the first peer has sent as data, segment by segment, after HELLO. */
const segments = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const trace = yield* network.trace
  const sent = trace.filter(({ from, kind }) => kind === "DATA" && `${from}`.startsWith(`${ipOf(1)}:`))
  return sent.slice(1).map(({ length }) => length)
})

describe("small values that are sent in one turn", () => {
  test("go out in one write, in order", function*() {
    const { bob, near } = yield* both(json)
    yield* Effect.forEach(numbers(5), near.send)
    yield* settle
    assert.deepStrictEqual(yield* segments, [5 * 139])
    assert.deepStrictEqual(valuesOf(bob), numbers(5))
  })

  test("stay in order with large ones", function*() {
    const { bob, near } = yield* both({ type: "bytes" })
    const values = [1, 100_000, 2, 3, 9000, 4].map((size, index) => new Uint8Array(size).fill(index))
    yield* Effect.forEach(values, near.send)
    yield* settle
    assert.deepStrictEqual(valuesOf(bob), values)
  })

  test("are as they were when they were sent", function*() {
    const { bob, near } = yield* both({ type: "bytes" })
    const reused = Uint8Array.of(1)
    yield* near.send(reused)
    reused[0] = 2
    yield* near.send(reused)
    yield* settle
    assert.deepStrictEqual(valuesOf(bob), [Uint8Array.of(1), Uint8Array.of(2)])
  })

  test("arrive where the sender closes behind them at once", function*() {
    const { bob, near } = yield* both(json)
    yield* Effect.forEach(numbers(5), near.send)
    yield* near.close
    yield* settle
    assert.deepStrictEqual([valuesOf(bob), reasonsOf(bob)], [numbers(5), ["PeerClosed"]])
  })

  test("arrive where the sender leaves while earlier ones are still on their way", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { alice, far, near } = yield* both(json)
    const heard = yield* Effect.forkChild(Stream.runCollect(far.values))
    yield* network.clog(ipOf(2))
    yield* near.send("x".repeat(8000)).pipe(Effect.repeat({ times: 40 }), Effect.forkChild)
    yield* settle
    yield* near.send("last")
    yield* alice.leave
    yield* network.unclog(ipOf(2))
    assert.strictEqual((yield* Fiber.join(heard)).at(-1), "last")
  })

  test("make the sender wait where the other end does not read, and are given up after 10 seconds", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { alice, near } = yield* both(json)
    yield* network.clog(ipOf(2))
    let sent = 0
    const sending = yield* Effect.forkChild(
      Effect.flip(Effect.forever(Effect.map(near.send("x".repeat(872)), () => sent++)))
    )
    yield* settle
    assert.isTrue(running(sending))
    assert.isBelow(sent, 600)
    yield* elapse("10 seconds")
    assert.strictEqual((yield* Fiber.join(sending)).reason._tag, "SlowReader")
    assert.deepStrictEqual(reasonsOf(alice), ["SlowReader"])
  })
})

describe("values that are sent at once", () => {
  test("go out in one write", function*() {
    const { far, near } = yield* both(json)
    const sending = yield* Effect.forkChild(near.sendAll(numbers(1000)))
    assert.deepStrictEqual(yield* Stream.runCollect(Stream.take(far.values, 1000)), numbers(1000))
    yield* Fiber.join(sending)
    assert.isAtMost((yield* segments).length, 3)
  })

  test("may be none, and may be large", function*() {
    const { bob, near } = yield* both({ type: "bytes" })
    const values = [Uint8Array.of(1), new Uint8Array(300_000), Uint8Array.of(2)]
    yield* near.sendAll([])
    yield* near.sendAll(values)
    yield* settle
    assert.deepStrictEqual(valuesOf(bob), values)
  })

  test("are none where one of them does not fit, and the connection goes on", function*() {
    const { bob, near } = yield* both({ type: "bytes", stream: true })
    const frame = new Uint8Array(4)
    const error = yield* Effect.flip(near.sendAll([frame, new Uint8Array(5)]))
    assert.deepInclude(error.reason, { _tag: "WrongSize", agreed: 4, actual: 5 })
    yield* near.sendAll([new Uint8Array(5), new Uint8Array(5)])
    yield* settle
    assert.deepStrictEqual(valuesOf(bob), [new Uint8Array(5), new Uint8Array(5)])
  })

  test("are none where one of them does not fit the schema", function*() {
    const { bob, near } = yield* both(json)
    const error = yield* Effect.flip(Connection.withSchema(near, Schema.Int).sendAll([1, 1.5]))
    assert.deepInclude(error.reason, { _tag: "UnsendableValue", type: "json" })
    yield* settle
    assert.deepStrictEqual(valuesOf(bob), [])
  })

  test("go to an original each in a write of its own", function*() {
    const { connection, original } = yield* connected(json)
    yield* elapse(100)
    yield* connection.sendAll([1, 2])
    yield* settle
    assert.deepStrictEqual(original.segments.map(({ length }) => length), [139, 139])
  })
})

describe("values that have arrived", () => {
  test("can be taken at once, those before one that does not fit its schema first", function*() {
    const { far, near } = yield* both(json)
    const typed = Connection.withSchema(far, Schema.Int)
    yield* near.sendAll([1, 2, "three", 4])
    yield* settle
    assert.deepStrictEqual(yield* typed.receiveAll(Result.succeed), [1, 2])
    assert.strictEqual((yield* Effect.flip(typed.receiveAll(Result.succeed))).reason._tag, "UnreadableValue")
    assert.deepStrictEqual(yield* far.receiveAll(Result.succeed), [4])
  })

  test("are one chunk of the stream of values, which fails at one that does not fit and leaves the rest", function*() {
    const { far, near } = yield* both(json)
    const typed = Connection.withSchema(far, Schema.Int)
    yield* typed.sendAll([7])
    yield* near.sendAll([1, 2, "three", 4])
    yield* settle
    const chunks: Array<ReadonlyArray<number>> = []
    const error = yield* Effect.flip(
      Stream.runForEachArray(typed.values, (chunk) => Effect.sync(() => chunks.push(chunk)))
    )
    assert.deepStrictEqual([chunks, error.reason._tag], [[[1, 2]], "UnreadableValue"])
    assert.strictEqual(yield* typed.receive, 4)
    assert.strictEqual(yield* near.receive, 7)
  })
})
