import { assert, describe } from "@effect/vitest"
import { MemoryNetwork, SocketFailure, Timeouts } from "@peerage/transport"
import { type Cause, Clock, Duration, Effect, Fiber, Queue, Stream } from "effect"
import * as MessageWriter from "../../src/exchange/MessageWriter.ts"
import type * as PieceWriter from "../../src/exchange/PieceWriter.ts"
import * as PeerPyConfig from "../../src/PeerPyConfig.ts"
import { counting, elapse, failsAfter, pair, rawIp, settle, test } from "./Pair.ts"
import { header, joined, textOf } from "./Raw.ts"

const hello = new TextEncoder().encode("hello")
const data = "DATA|data_size=5&data_type=bytes"
const clogged = Effect.flatMap(MemoryNetwork.MemoryNetwork, ({ clog }) => clog(rawIp))
const unclogged = Effect.flatMap(MemoryNetwork.MemoryNetwork, ({ unclog }) => unclog(rawIp))

/** A writer, how it ended the connection, and its other end. */
const open = Effect.fnUntraced(function*({ chunkPause, paced = false }: Partial<PeerPyConfig.PeerPyConfig> & {
  readonly paced?: boolean
} = {}) {
  const { link, raw } = yield* pair
  const ended: Array<PieceWriter.WriteEnd> = []
  const writer = yield* MessageWriter.make(link, {
    config: PeerPyConfig.make(chunkPause === undefined ? {} : { chunkPause }),
    paced,
    end: (reason) => Effect.sync(() => void ended.push(reason))
  })
  const write = (payload: Uint8Array, header = data) => writer.write(Effect.succeed(header), payload)
  const together = (...texts: ReadonlyArray<string>) =>
    writer.writeTogether(texts, texts.map((text) => new TextEncoder().encode(text.toLowerCase())))
  const chunks = <E>(chunks: Stream.Stream<Uint8Array, E>, size = 5) =>
    writer.writeChunks(Effect.succeed(data), { size, chunks })
  return { raw, writer, ended, write, together, chunks }
})

describe("a writer of messages", () => {
  test("writes a small message in one piece, header and payload", function*() {
    const { raw, write } = yield* open()
    yield* write(hello)
    yield* settle
    assert.deepStrictEqual(raw.segments.map(({ length }) => length), [133])
  })

  test.each([59_872, 59_873, 60_000, 60_001, 1_000_000])(
    "writes a payload of %i bytes whole",
    function*(size) {
      const { raw, write } = yield* open()
      yield* write(counting(size))
      yield* settle
      assert.isTrue(Buffer.from(raw.bytes).equals(joined([header(data), counting(size)])))
    }
  )

  test("lets nothing come between a header and its payload, however many write at once", function*() {
    const { raw, together, write } = yield* open()
    const writing = yield* Effect.forEach(
      ["a", "b", "c", "d"],
      (letter) => Effect.forkChild(write(Buffer.alloc(300_000, letter), `DATA|${letter}`))
    )
    yield* Effect.forkChild(together("X", "Y"))
    yield* settle
    yield* Effect.forEach(writing, Fiber.join)
    const found = textOf(raw.bytes).replace(/\|+/g, "|").replace(/([a-d])\1+/g, "$1")
    const messages = ["DATA|a|a", "DATA|b|b", "DATA|c|c", "DATA|d|d"]
    assert.strictEqual(found.replace("X|xY|y", ""), messages.join(""))
    assert.match(found, /(^|[a-d])X\|xY\|y/)
  })

  test("makes a header when its turn has come", function*() {
    const { write, writer } = yield* open()
    let made = false
    yield* clogged
    yield* Effect.forkChild(write(new Uint8Array(1_000_000)))
    const header = Effect.sync(() => {
      made = true
      return data
    })
    const second = yield* Effect.forkChild(writer.write(header, hello))
    yield* settle
    assert.isFalse(made)
    yield* unclogged
    yield* settle
    yield* Fiber.join(second)
    assert.isTrue(made)
  })

  test("lets no probe wait for a message that is being written, nor interrupt it", function*() {
    const { raw, write, writer } = yield* open()
    yield* clogged
    const writing = yield* Effect.forkChild(write(new Uint8Array(1_000_000)))
    yield* settle
    assert.isUndefined(writing.pollUnsafe())
    yield* writer.probe
    yield* unclogged
    yield* settle
    yield* Fiber.join(writing)
    assert.strictEqual(raw.bytes.length, 1_000_128)
    yield* writer.probe
    yield* settle
    assert.strictEqual(raw.heard.at(-1), "PING")
  })

  test("gives a reader up that takes nothing for 10 seconds, which ends the connection", function*() {
    const { ended, write } = yield* open()
    yield* clogged
    const { reason } = yield* failsAfter(write(new Uint8Array(1_000_000)), 10_000)
    assert.strictEqual(reason._tag, "SlowReader")
    assert.strictEqual(ended[0], reason)
  })

  test("waits longer than that for a slow reader that does take something", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { raw, write } = yield* open()
    yield* network.setLink("10.0.0.1", rawIp, { bandwidth: 50_000 })
    const writing = yield* Effect.forkChild(write(new Uint8Array(1_000_000)))
    yield* Effect.repeat(elapse("1 second"), { times: 30 })
    yield* Fiber.join(writing)
    assert.strictEqual(raw.bytes.length, 1_000_128)
  })

  test("fails where the connection is gone, and ends it", function*() {
    const { ended, raw, write } = yield* open()
    raw.pipe.reset()
    yield* settle
    const { reason } = yield* Effect.flip(write(hello))
    if (reason._tag !== "SocketError") return assert.fail(reason._tag)
    assert.strictEqual(SocketFailure.errno(reason), "ECONNRESET")
    assert.deepStrictEqual(ended, [reason])
  })

  test("knows when it last wrote, at first when it began", function*() {
    yield* elapse("1 second")
    const { write, writer } = yield* open()
    assert.strictEqual(writer.writtenAt(), yield* Timeouts.now)
    yield* elapse("3 seconds")
    yield* write(hello)
    yield* elapse("3 seconds")
    assert.strictEqual((yield* Timeouts.now) - writer.writtenAt(), 3000)
  })
})

describe("small messages", () => {
  test("of one turn go out in one write, behind their headers", function*() {
    const { raw, together } = yield* open()
    yield* together("A", "B")
    yield* together("C", "")
    yield* settle
    assert.deepStrictEqual(raw.segments, [joined(["A", "B", "C"].flatMap((text) => [
      header(text),
      new TextEncoder().encode(text.toLowerCase())
    ]))])
  })

  test("that are gathered go out as soon as that is done, and before nothing else", function*() {
    const { raw, together, writer } = yield* open()
    yield* writer.gather(Effect.orDie(together("A", "B")))
    yield* writer.handOver
    yield* settle
    assert.deepStrictEqual(raw.segments.map(({ length }) => length), [2 * 129])
    yield* together("C")
    yield* writer.gather(Effect.orDie(together("D")))
    yield* settle
    assert.deepStrictEqual(raw.segments.map(({ length }) => length), [2 * 129, 2 * 129])
  })

  test("that are gathered wait for a message that is being written, which holds up nobody", function*() {
    const { raw, together, write, writer } = yield* open()
    yield* clogged
    const writing = yield* Effect.forkChild(write(new Uint8Array(1_000_000)))
    yield* settle
    yield* writer.gather(Effect.orDie(together("A")))
    yield* unclogged
    yield* settle
    yield* Fiber.join(writing)
    assert.strictEqual(textOf(raw.bytes.subarray(1_000_128)).replace(/\|+/, "|"), "A|a")
  })

  test("that are gathered wait for a payload whose source is slow", function*() {
    const { chunks, raw, together, writer } = yield* open()
    const source = yield* Queue.unbounded<Uint8Array, Cause.Done>()
    const writing = yield* Effect.forkChild(chunks(Stream.fromQueue(source)))
    yield* Queue.offer(source, hello.subarray(0, 2))
    yield* settle
    yield* writer.gather(Effect.orDie(together("A")))
    yield* settle
    assert.strictEqual(textOf(raw.bytes.subarray(128)), "he")
    yield* Queue.offer(source, hello.subarray(2))
    yield* Queue.end(source)
    yield* settle
    yield* Fiber.join(writing)
    assert.strictEqual(textOf(raw.bytes.subarray(128)).replace(/\|+/, "|"), "helloA|a")
  })

  test("that are gathered are not handed to a reader that does not read", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { raw, writer } = yield* open()
    yield* clogged
    const answering = writer.gather(Effect.orDie(writer.writeTogether(["A"], [new Uint8Array(30_000)])))
    for (let round = 0; round < 50; round++) yield* Effect.forkChild(answering)
    yield* settle
    assert.isBelow(yield* network.buffered, 400_000)
    yield* unclogged
    yield* settle
    assert.strictEqual(raw.bytes.length, 50 * 30_128)
  })

  test("that are held are handed over without a wait", function*() {
    const { raw, together, writer } = yield* open()
    yield* clogged
    yield* together("A")
    yield* writer.handOver
    yield* unclogged
    yield* settle
    assert.strictEqual(raw.bytes.length, 129)
  })

  test("that are held go nowhere where a message was broken off", function*() {
    const { raw, together, write, writer } = yield* open()
    yield* clogged
    const writing = yield* Effect.forkChild(write(new Uint8Array(1_000_000)))
    yield* settle
    yield* together("A")
    yield* Fiber.interrupt(writing)
    yield* writer.handOver
    yield* unclogged
    yield* settle
    assert.strictEqual(raw.bytes.length, 128 + 262_144)
  })
})

describe("a writer that is interrupted", () => {
  test("in the midst of a message ends the connection with how much of it went out", function*() {
    const { ended, write } = yield* open()
    yield* clogged
    const writing = yield* Effect.forkChild(write(new Uint8Array(1_000_000)))
    yield* settle
    assert.deepStrictEqual(ended, [])
    yield* Fiber.interrupt(writing)
    assert.strictEqual(ended.length, 1)
    assert.deepInclude(ended[0], { _tag: "WrongLength", announced: 1_000_000, actual: 262_144 })
  })

  test("when all was handed over, or nothing, loses nothing", function*() {
    const { ended, raw, write } = yield* open()
    yield* clogged
    const [handed, waiting] = [
      yield* Effect.forkChild(write(counting(200_000))),
      yield* Effect.forkChild(write(counting(200_000)))
    ]
    yield* settle
    assert.deepStrictEqual([handed.pollUnsafe(), waiting.pollUnsafe()], [undefined, undefined])
    yield* Effect.forEach([waiting, handed], Fiber.interrupt)
    yield* unclogged
    yield* write(hello)
    yield* settle
    assert.deepStrictEqual(ended, [])
    assert.isTrue(Buffer.from(raw.bytes).equals(joined([header(data), counting(200_000), header(data), hello])))
  })
})

describe("a writer that is paced", () => {
  /** What came when. */
  const timed = Effect.fnUntraced(function*(
    write: (opened: Effect.Success<ReturnType<typeof open>>) => Effect.Effect<void, unknown>
  ) {
    const opened = yield* open({ chunkPause: Duration.millis(3), paced: true })
    const writing = yield* Effect.forkChild(write(opened))
    const came: Array<readonly [at: number, length: number]> = []
    for (let at = 0; at < 60; at++) {
      yield* settle
      for (const { length } of opened.raw.segments.slice(came.length)) came.push([at, length])
      yield* elapse(1)
    }
    yield* Fiber.join(writing)
    return { came, bytes: opened.raw.bytes }
  })
  const nine = Array.from({ length: 9 }, (_, index) => [3 * index, index === 8 ? 4464 : 8192] as const)
  const parts = [[0, 1], [1, 30_001], [30_001, 70_000]].map(([from, to]) => counting(70_000).subarray(from, to))

  test.each([
    { how: "whole", source: undefined },
    { how: "in other chunks", source: Stream.fromIterable(parts) }
  ])(
    "writes a large payload that comes $how in chunks of exactly 8192 bytes with pauses",
    function*({ source }) {
      const { bytes, came } = yield* timed(({ chunks, write }) =>
        source === undefined ? write(counting(70_000)) : chunks(source, 70_000)
      )
      assert.deepStrictEqual(came, [[0, 128], ...nine])
      assert.isTrue(Buffer.from(bytes.subarray(128)).equals(counting(70_000)))
    }
  )

  test("does the same with a bare frame", function*() {
    const { came } = yield* timed(({ write }) => write(counting(65_536), ""))
    assert.deepStrictEqual(came, Array.from({ length: 8 }, (_, index) => [3 * index, 8192] as const))
  })

  test("writes a small payload in one piece, at once", function*() {
    const { came } = yield* timed(({ write }) => write(counting(59_872)))
    assert.deepStrictEqual(came, [[0, 60_000]])
  })
})

describe("a writer that is given a payload as it comes", () => {
  test("writes it behind its header", function*() {
    const { chunks, ended, raw } = yield* open()
    yield* chunks(Stream.make(hello.subarray(0, 2), hello.subarray(2)))
    yield* settle
    assert.strictEqual(textOf(raw.bytes.subarray(128)), "hello")
    assert.deepStrictEqual(ended, [])
  })

  test.each([
    { texts: ["hel"], actual: 3, sent: "hel" },
    { texts: [], actual: 0, sent: "" },
    { texts: ["hel", "lo "], actual: 6, sent: "hel" },
    { texts: ["hello", "!"], actual: 6, sent: "hello" }
  ])(
    "ends the connection where $texts are not the 5 bytes that were announced",
    function*({ actual, sent, texts }) {
      const { chunks, ended, raw } = yield* open()
      const bytes = Stream.map(Stream.fromIterable(texts), (text) => new TextEncoder().encode(text))
      const { reason } = yield* Effect.flip(chunks(bytes))
      assert.deepInclude(reason, { _tag: "WrongLength", announced: 5, actual })
      assert.strictEqual(ended[0], reason)
      yield* settle
      assert.strictEqual(textOf(raw.bytes.subarray(128)), sent)
    }
  )

  test("ends the connection where its source fails, with the source's own error", function*() {
    const { chunks, ended } = yield* open()
    const failing = Stream.concat(Stream.make(hello.subarray(0, 2)), Stream.fail("no disk" as const))
    assert.strictEqual(yield* Effect.flip(chunks(failing)), "no disk")
    assert.deepInclude(ended[0], { _tag: "WrongLength", announced: 5, actual: 2 })
  })

  test("takes no more of it than the reader does", function*() {
    const { chunks } = yield* open()
    yield* clogged
    let given = 0
    const chunk = Effect.sync(() => {
      given += 65_536
      return new Uint8Array(65_536)
    })
    const writing = yield* Effect.forkChild(chunks(Stream.fromEffectRepeat(chunk), 1 << 30))
    yield* settle
    assert.isAtMost(given, 4 * 65_536)
    yield* Fiber.interrupt(writing)
    assert.strictEqual(yield* Clock.currentTimeMillis, 0)
  })
})
