import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { SocketFailure } from "@peerage/transport"
import { Effect, Fiber, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { ByteReader } from "../src/index.ts"
import { cut, oneByOne } from "./Cuts.ts"
import { byteLinked, bytes, openBytes, textOf } from "./Testers.ts"
import { lateAfter4Seconds, settle, waiting } from "./Waiting.ts"

const whole = "HELLO 5\nworld and the rest"

describe("a reader of bytes", () => {
  it.effect.prop(
    "takes exactly as many bytes as a step asks for, however the network cuts them",
    { cuts: Schema.Array(Schema.Natural), sizes: Schema.Array(Schema.Natural) },
    (input) =>
      Effect.scoped(Effect.gen(function*() {
        const { pipe, reader } = yield* openBytes
        const sizes = input.sizes.map((size) => size % 10)
        const take = (size: number) =>
          Effect.match(reader.take(size), { onSuccess: textOf, onFailure: ({ _tag }): string => _tag })
        const reading = yield* Effect.forkChild(Effect.forEach(sizes, take))
        for (const segment of cut(bytes(whole), input.cuts.map((at) => at % 40))) {
          pipe.feed(segment)
          yield* Effect.yieldNow
        }
        pipe.fin()
        let text = whole
        const expected = sizes.map((size) => {
          if (size > text.length) return text === "" ? "PeerClosed" : "FrameTruncated"
          const taken = text.slice(0, size)
          text = text.slice(size)
          return taken
        })
        assert.deepStrictEqual(yield* Fiber.join(reading), expected)
      })),
    Property.tries(25)
  )

  it.effect.each(Array.from(whole, (_, at) => at))(
    "takes the same bytes cut before byte %i",
    (at) =>
      Effect.gen(function*() {
        const { pipe, reader } = yield* openBytes
        const sizes = [0, 1, 5, 2, 10, 8]
        const reading = yield* waiting(Effect.forEach(sizes, (size) => Effect.map(reader.take(size), textOf)))
        for (const segment of cut(bytes(whole), [at])) {
          pipe.feed(segment)
          yield* settle
        }
        assert.deepStrictEqual(yield* Fiber.join(reading), ["", "H", "ELLO ", "5\n", "world and ", "the rest"])
      })
  )

  byteLinked("waits for a peer that sends a byte now and then, and loses nothing when it gives up", function*(ends) {
    const { pipe, reader } = ends
    const reading = yield* waiting(Effect.flip(reader.take(9, { within: "4 seconds" })))
    for (const segment of oneByOne(bytes("HELLO"))) {
      yield* TestClock.adjust("3999 millis")
      pipe.feed(segment)
      yield* settle
    }
    yield* TestClock.adjust("3999 millis")
    assert.isUndefined(reading.pollUnsafe())
    yield* TestClock.adjust("1 millis")
    assert.strictEqual((yield* Fiber.join(reading)).message, "The peer sent no bytes within 4s.")
    pipe.feed(" 5\n")
    assert.strictEqual(textOf(yield* reader.take(8)), "HELLO 5\n")
  })

  byteLinked("loses nothing when it is interrupted", function*({ pipe, reader }) {
    const reading = yield* waiting(reader.take(5))
    pipe.feed("HEL")
    yield* Fiber.interrupt(reading)
    pipe.feed("LO")
    assert.strictEqual(textOf(yield* reader.take(5)), "HELLO")
  })

  byteLinked("loses nothing when it is interrupted in the moment that bytes come", function*({ pipe, reader }) {
    const reading = yield* waiting(reader.take(5))
    pipe.feed("HELLOWORLD")
    reading.interruptUnsafe()
    const exit = yield* Fiber.await(reading)
    assert.strictEqual(textOf(yield* reader.take(5)), exit._tag === "Success" ? "WORLD" : "HELLO")
  })

  byteLinked("gives what came before the end, and then the end for ever", function*({ pipe, reader }) {
    pipe.feed("HELLO")
    pipe.fin()
    assert.strictEqual(textOf(yield* reader.take(5)), "HELLO")
    const ends = [reader.take(1), reader.take(1, { within: "4 seconds" }), reader.takeSome(1)]
    for (const end of ends) assert.strictEqual((yield* Effect.flip(end))._tag, "PeerClosed")
    assert.strictEqual(reader.ended()?._tag, "PeerClosed")
  })

  byteLinked("says when the end came too early, and still has what came before it", function*({ pipe, reader }) {
    const reading = yield* waiting(Effect.flip(reader.take(5)))
    pipe.feed("HEL")
    pipe.fin()
    assert.deepInclude(yield* Fiber.join(reading), { _tag: "FrameTruncated", pending: 3 })
    assert.strictEqual(textOf(yield* reader.takeSome(5)), "HEL")
    assert.strictEqual((yield* Effect.flip(reader.takeSome(5)))._tag, "PeerClosed")
  })

  byteLinked("fails with the errno of a reset, behind what it has taken from the pipe", function*({ pipe, reader }) {
    const reading = yield* waiting(Effect.flip(reader.take(5)))
    pipe.feed("HEL")
    pipe.breakOff()
    const error = yield* Fiber.join(reading)
    if (error._tag !== "SocketError") return assert.fail(error._tag)
    assert.strictEqual(SocketFailure.errno(error), "ECONNRESET")
    assert.strictEqual(textOf(yield* reader.take(3)), "HEL")
    assert.strictEqual(yield* Effect.flip(reader.take(1)), error)
  })

  byteLinked("leaves bytes in the pipe while it waits for none, so that a fast peer has to wait", function*(ends) {
    const { pipe, reader } = ends
    pipe.feed("HELLO")
    pipe.feed("WORLD")
    assert.deepStrictEqual([pipe.untaken, reader.available()], [2, 0])
    yield* reader.take(1)
    pipe.feed("!")
    yield* reader.take(1)
    assert.deepStrictEqual([pipe.untaken, reader.available()], [1, 8])
  })

  const silent = { awaited: "header", within: "4 seconds" } as const
  it.effect.each<
    { readonly verb: string; readonly read: (reader: ByteReader.ByteReader) => Effect.Effect<unknown, unknown> }
  >([
    { verb: "take", read: (reader) => reader.take(9, silent) },
    { verb: "takeToEnd", read: (reader) => reader.takeToEnd(5, silent) },
    { verb: "read", read: (reader) => reader.read(() => undefined, silent) }
  ])(
    "gives up after so much silence, names what it waited for, and keeps what came ($verb)",
    ({ read }) =>
      Effect.gen(function*() {
        const { pipe, reader } = yield* openBytes
        pipe.feed("HEL")
        assert.deepInclude(yield* lateAfter4Seconds(read(reader)), { message: "The peer sent no header within 4s." })
        assert.strictEqual(textOf(reader.takeNow(5)), "HEL")
      })
  )
})

describe("a stream of bytes", () => {
  const collect = (stream: ReturnType<ByteReader.ByteReader["stream"]>) =>
    Effect.map(Stream.runCollect(stream), (chunks) => chunks.map(textOf).join(""))

  byteLinked("gives so many bytes as they come, and leaves the rest", function*({ pipe, reader }) {
    const reading = yield* waiting(collect(reader.stream(8)))
    for (const segment of ["HEL", "LO", "WORLD"]) {
      pipe.feed(segment)
      yield* settle
    }
    assert.strictEqual(yield* Fiber.join(reading), "HELLOWOR")
    assert.strictEqual(textOf(yield* reader.take(2)), "LD")
    assert.strictEqual(yield* collect(reader.stream(0)), "")
  })

  byteLinked("takes so many bytes each time that it is run, and ends earlier with FIN", function*({ pipe, reader }) {
    pipe.feed("HELLOWORLD!!!")
    pipe.fin()
    const five = reader.stream(5)
    assert.deepStrictEqual([yield* collect(five), yield* collect(five), yield* collect(five)], [
      "HELLO",
      "WORLD",
      "!!!"
    ])
  })

  byteLinked("fails on silence, and when the connection breaks", function*({ pipe, reader }) {
    const error = yield* lateAfter4Seconds(collect(reader.stream(8, { within: "4 seconds" })))
    assert.strictEqual(error._tag, "PeerUnresponsive")
    const reading = yield* waiting(Effect.flip(collect(reader.stream(8))))
    pipe.breakOff()
    const reset = yield* Fiber.join(reading)
    if (reset._tag !== "SocketError") return assert.fail(reset._tag)
    assert.strictEqual(SocketFailure.errno(reset), "ECONNRESET")
  })
})
