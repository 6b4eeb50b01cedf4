import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, SocketFailure } from "@peerage/transport"
import { Clock, Duration, Effect, Fiber, Stream } from "effect"
import * as Outlet from "../../src/exchange/Outlet.ts"
import { counting, elapse, failsAfter, pair, rawIp, settle, simulated } from "./Pair.ts"
import { header, joined, textOf } from "./Raw.ts"

const data = header("DATA|data_size=5&data_type=bytes")
const hello = new TextEncoder().encode("hello")
const clogged = Effect.flatMap(MemoryNetwork.MemoryNetwork, ({ clog }) => clog(rawIp))
const unclogged = Effect.flatMap(MemoryNetwork.MemoryNetwork, ({ unclog }) => unclog(rawIp))

describe("an outlet", () => {
  it.effect("writes a small message in one piece, header and payload", () =>
    Effect.gen(function*() {
      const { halves, raw } = yield* pair()
      yield* halves.outlet.write([data, hello])
      yield* settle
      assert.deepStrictEqual(raw.segments.map(({ length }) => length), [133])
    }).pipe(simulated))

  it.effect.each([59_872, 59_873, 60_000, 60_001, 1_000_000])(
    "writes a payload of %i bytes whole",
    (size) =>
      Effect.gen(function*() {
        const { halves, raw } = yield* pair()
        yield* halves.outlet.write([data, counting(size)])
        yield* settle
        assert.isTrue(Buffer.from(raw.bytes).equals(joined([data, counting(size)])))
      }).pipe(simulated)
  )

  it.effect("lets nothing land between a header and its payload, however many write at once", () =>
    Effect.gen(function*() {
      const { halves, raw } = yield* pair()
      const message = (letter: string) => [header(`DATA|${letter}`), Buffer.alloc(100_000, letter)]
      const writing = yield* Effect.forEach(
        ["a", "b", "c", "d"],
        (letter) => Effect.forkChild(halves.outlet.write(message(letter)))
      )
      yield* settle
      yield* Effect.forEach(writing, Fiber.join)
      const found = textOf(raw.bytes).replace(/\|+/g, "|").replace(/([a-d])\1+/g, "$1")
      assert.strictEqual(found, "DATA|a|aDATA|b|bDATA|c|cDATA|d|d")
    }).pipe(simulated))

  it.effect("lets no sign of life wait for a message that is being written, nor interrupt it", () =>
    Effect.gen(function*() {
      const { halves, raw } = yield* pair()
      yield* clogged
      const writing = yield* Effect.forkChild(halves.outlet.write([data, new Uint8Array(1_000_000)]))
      yield* settle
      assert.isUndefined(writing.pollUnsafe())
      yield* halves.outlet.writeBetween(header("PING"))
      yield* unclogged
      yield* settle
      yield* Fiber.join(writing)
      assert.strictEqual(raw.bytes.length, 1_000_128)
      yield* halves.outlet.writeBetween(header("PING"))
      yield* settle
      assert.strictEqual(raw.heard.at(-1), "PING")
    }).pipe(simulated))

  it.effect("gives a reader up that takes nothing for 10 seconds", () =>
    Effect.gen(function*() {
      const { halves } = yield* pair()
      yield* clogged
      const reason = yield* failsAfter(halves.outlet.write([data, new Uint8Array(1_000_000)]), 10_000)
      assert.strictEqual(reason._tag, "SlowReader")
    }).pipe(simulated))

  it.effect("waits longer than that for a slow reader that does take something", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const { halves, raw } = yield* pair()
      yield* network.setLink("10.0.0.1", rawIp, { bandwidth: 50_000 })
      const writing = yield* Effect.forkChild(halves.outlet.write([data, new Uint8Array(1_000_000)]))
      yield* Effect.repeat(elapse("1 second"), { times: 30 })
      yield* Fiber.join(writing)
      assert.strictEqual(raw.bytes.length, 1_000_128)
    }).pipe(simulated))

  it.effect("fails where the connection is gone", () =>
    Effect.gen(function*() {
      const { halves, raw } = yield* pair()
      raw.pipe.reset()
      yield* settle
      const error = yield* Effect.flip(halves.outlet.write([data, hello]))
      if (error._tag !== "SocketError") return assert.fail(error._tag)
      assert.strictEqual(SocketFailure.errno(error), "ECONNRESET")
    }).pipe(simulated))

  it.effect("knows when it last wrote", () =>
    Effect.gen(function*() {
      const { halves } = yield* pair()
      assert.strictEqual(halves.outlet.writtenAt(), -Infinity)
      yield* elapse("3 seconds")
      yield* halves.outlet.write([data, hello])
      yield* elapse("3 seconds")
      assert.strictEqual((yield* Outlet.now) - halves.outlet.writtenAt(), 3000)
    }).pipe(simulated))
})

describe("an outlet whose writer is interrupted", () => {
  it.effect("in the midst of a message says how much of it went out", () =>
    Effect.gen(function*() {
      const { halves } = yield* pair()
      yield* clogged
      const writing = yield* Effect.forkChild(halves.outlet.write([data, new Uint8Array(1_000_000)]))
      yield* settle
      assert.isUndefined(halves.outlet.torn())
      yield* Fiber.interrupt(writing)
      assert.deepInclude(halves.outlet.torn(), { announced: 1_000_000, actual: 262_144 })
    }).pipe(simulated))

  it.effect("when all was handed over, or nothing, loses nothing", () =>
    Effect.gen(function*() {
      const { halves, raw } = yield* pair()
      yield* clogged
      const write = Effect.forkChild(halves.outlet.write([data, counting(200_000)]))
      const [handed, waiting] = [yield* write, yield* write]
      yield* settle
      assert.deepStrictEqual([handed.pollUnsafe(), waiting.pollUnsafe()], [undefined, undefined])
      yield* Effect.forEach([waiting, handed], Fiber.interrupt)
      assert.isUndefined(halves.outlet.torn())
      yield* unclogged
      yield* halves.outlet.write([data, hello])
      yield* settle
      assert.isTrue(Buffer.from(raw.bytes).equals(joined([data, counting(200_000), data, hello])))
    }).pipe(simulated))
})

describe("an outlet that is paced", () => {
  /** What came when. */
  const timed = Effect.fnUntraced(function*(write: (outlet: Outlet.Outlet) => Effect.Effect<void, unknown>) {
    const { halves, raw } = yield* pair({ chunkPause: Duration.millis(3) })
    halves.outlet.pace()
    const writing = yield* Effect.forkChild(write(halves.outlet))
    const came: Array<readonly [at: number, length: number]> = []
    for (let at = 0; at < 60; at++) {
      yield* settle
      for (const { length } of raw.segments.slice(came.length)) came.push([at, length])
      yield* elapse(1)
    }
    yield* Fiber.join(writing)
    return { came, bytes: raw.bytes }
  })

  it.effect("writes a large payload in chunks of exactly 8192 bytes with pauses between", () =>
    Effect.gen(function*() {
      const { bytes, came } = yield* timed((outlet) => outlet.write([data, counting(70_000)]))
      const chunks = Array.from({ length: 9 }, (_, index) => [3 * index, index === 8 ? 4464 : 8192] as const)
      assert.deepStrictEqual(came, [[0, 128], ...chunks])
      assert.isTrue(Buffer.from(bytes.subarray(128)).equals(counting(70_000)))
    }).pipe(simulated))

  it.effect("does the same with a bare frame", () =>
    Effect.gen(function*() {
      const { came } = yield* timed((outlet) => outlet.write([counting(65_536)]))
      assert.deepStrictEqual(came, Array.from({ length: 8 }, (_, index) => [3 * index, 8192] as const))
    }).pipe(simulated))

  it.effect("cuts what comes in other chunks anew", () =>
    Effect.gen(function*() {
      const whole = counting(70_000)
      const parts = [whole.subarray(0, 1), whole.subarray(1, 30_001), whole.subarray(30_001)]
      const payload = { size: whole.length, chunks: Stream.fromIterable(parts) }
      const { bytes, came } = yield* timed((outlet) => outlet.writeChunks(data, payload))
      const chunks = Array.from({ length: 9 }, (_, index) => [3 * index, index === 8 ? 4464 : 8192] as const)
      assert.deepStrictEqual(came, [[0, 128], ...chunks])
      assert.isTrue(Buffer.from(bytes.subarray(128)).equals(whole))
    }).pipe(simulated))

  it.effect("writes a small payload in one piece, at once", () =>
    Effect.gen(function*() {
      const { came } = yield* timed((outlet) => outlet.write([data, counting(59_000)]))
      assert.deepStrictEqual(came, [[0, 59_128]])
    }).pipe(simulated))
})

describe("an outlet that is given a payload as it comes", () => {
  it.effect("writes it behind its header", () =>
    Effect.gen(function*() {
      const { halves, raw } = yield* pair()
      yield* halves.outlet.writeChunks(data, { size: 5, chunks: Stream.make(hello.subarray(0, 2), hello.subarray(2)) })
      yield* settle
      assert.strictEqual(textOf(raw.bytes.subarray(128)), "hello")
      assert.isUndefined(halves.outlet.torn())
    }).pipe(simulated))

  it.effect.each([
    { chunks: ["hel"], actual: 3, sent: "hel" },
    { chunks: [], actual: 0, sent: "" },
    { chunks: ["hel", "lo "], actual: 6, sent: "hel" },
    { chunks: ["hello", "!"], actual: 6, sent: "hello" }
  ])(
    "fails where $chunks are not the 5 bytes that were announced",
    ({ actual, chunks, sent }) =>
      Effect.gen(function*() {
        const { halves, raw } = yield* pair()
        const bytes = Stream.map(Stream.fromIterable(chunks), (text) => new TextEncoder().encode(text))
        const error = yield* Effect.flip(halves.outlet.writeChunks(data, { size: 5, chunks: bytes }))
        assert.deepInclude(error.reason, { _tag: "WrongLength", announced: 5, actual })
        yield* settle
        assert.strictEqual(textOf(raw.bytes.subarray(128)), sent)
      }).pipe(simulated)
  )

  it.effect("says that a message is torn whose source fails", () =>
    Effect.gen(function*() {
      const { halves } = yield* pair()
      const chunks = Stream.concat(Stream.make(hello.subarray(0, 2)), Stream.fail("no disk" as const))
      assert.strictEqual(yield* Effect.flip(halves.outlet.writeChunks(data, { size: 5, chunks })), "no disk")
      assert.deepInclude(halves.outlet.torn(), { announced: 5, actual: 2 })
    }).pipe(simulated))

  it.effect("takes no more of it than the reader does", () =>
    Effect.gen(function*() {
      const { halves } = yield* pair()
      yield* clogged
      let given = 0
      const chunk = Effect.sync(() => {
        given += 65_536
        return new Uint8Array(65_536)
      })
      const payload = { size: 1 << 30, chunks: Stream.fromEffectRepeat(chunk) }
      const writing = yield* Effect.forkChild(halves.outlet.writeChunks(data, payload))
      yield* settle
      assert.isAtMost(given, 4 * 65_536)
      yield* Fiber.interrupt(writing)
      assert.strictEqual(yield* Clock.currentTimeMillis, 0)
    }).pipe(simulated))
})
