import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { SocketFailure } from "@peerage/transport"
import { Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { ByteLink } from "../src/index.ts"
import { cut, oneByOne } from "./Cuts.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { lateAfter4Seconds, settle } from "./Waiting.ts"

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const open = Effect.gen(function*() {
  const pipe = new ScriptedPipe()
  const { reader } = yield* ByteLink.make(pipe)
  return { reader, pipe }
})

const whole = "HELLO 5\nworld and the rest"
const bytes = new TextEncoder().encode(whole)

describe("a reader of bytes", () => {
  it.effect("takes exactly as many bytes as a step asks for, cut at every byte", () =>
    Effect.gen(function*() {
      for (let at = 0; at <= bytes.length; at++) {
        const { pipe, reader } = yield* open
        const reading = yield* Effect.forkChild(
          Effect.forEach([0, 1, 5, 2, 10, 8], (size) => Effect.map(reader.take(size), textOf))
        )
        for (const segment of cut(bytes, [at])) {
          yield* settle
          pipe.feed(segment)
        }
        assert.deepStrictEqual(yield* Fiber.join(reading), ["", "H", "ELLO ", "5\n", "world and ", "the rest"])
      }
    }))

  it.effect.prop(
    "takes the same bytes however the network cuts them",
    { cuts: Schema.Array(Schema.Natural), sizes: Schema.Array(Schema.Natural) },
    (input) =>
      Effect.scoped(Effect.gen(function*() {
        const { pipe, reader } = yield* open
        const sizes = input.sizes.map((size) => size % 10)
        const take = (size: number) =>
          Effect.match(reader.take(size), { onSuccess: textOf, onFailure: ({ _tag }): string => _tag })
        const reading = yield* Effect.forkChild(Effect.forEach(sizes, take))
        for (const segment of cut(bytes, input.cuts.map((at) => at % 40))) {
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

  it.effect("gives up after so much silence, and names what it waited for", () =>
    Effect.gen(function*() {
      const { reader } = yield* open
      const error = yield* lateAfter4Seconds(reader.take(5, { awaited: "header", within: "4 seconds" }))
      assert.strictEqual(error.message, "The peer sent no header within 4s.")
    }))

  it.effect("is patient with a peer that sends a byte now and then, and loses nothing when it gives up", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const reading = yield* Effect.forkChild(Effect.flip(reader.take(9, { within: "4 seconds" })))
      for (const segment of oneByOne(bytes.subarray(0, 5))) {
        yield* settle
        yield* TestClock.adjust("3999 millis")
        pipe.feed(segment)
      }
      yield* TestClock.adjust("3999 millis")
      assert.isUndefined(reading.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(reading)).message, "The peer sent no bytes within 4s.")
      pipe.feed(" 5\n")
      assert.strictEqual(textOf(yield* reader.take(8)), "HELLO 5\n")
    }))

  it.effect("loses nothing when it is interrupted", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const reading = yield* Effect.forkChild(reader.take(5))
      yield* settle
      pipe.feed("HEL")
      yield* Fiber.interrupt(reading)
      pipe.feed("LO")
      assert.strictEqual(textOf(yield* reader.take(5)), "HELLO")
    }))

  it.effect("loses nothing when it is interrupted in the moment that bytes come", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const reading = yield* Effect.forkChild(reader.take(5))
      yield* settle
      pipe.feed("HELLOWORLD")
      reading.interruptUnsafe()
      const exit = yield* Fiber.await(reading)
      assert.strictEqual(textOf(yield* reader.take(5)), exit._tag === "Success" ? "WORLD" : "HELLO")
    }))

  it.effect("gives what came before the end, and then the end for ever", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("HELLO")
      pipe.fin()
      assert.strictEqual(textOf(yield* reader.take(5)), "HELLO")
      const ends = [reader.take(1), reader.take(1, { within: "4 seconds" }), reader.takeSome(1)]
      for (const end of ends) assert.strictEqual((yield* Effect.flip(end))._tag, "PeerClosed")
      assert.strictEqual(reader.ended()?._tag, "PeerClosed")
    }))

  it.effect("says when the end came too early, and still has what came before it", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const reading = yield* Effect.forkChild(Effect.flip(reader.take(5)))
      yield* settle
      pipe.feed("HEL")
      pipe.fin()
      assert.deepInclude(yield* Fiber.join(reading), { _tag: "FrameTruncated", pending: 3 })
      assert.strictEqual(textOf(yield* reader.takeSome(5)), "HEL")
      assert.strictEqual((yield* Effect.flip(reader.takeSome(5)))._tag, "PeerClosed")
    }))

  it.effect("fails with the errno of a reset, behind what it has taken from the pipe", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const reading = yield* Effect.forkChild(Effect.flip(reader.take(5)))
      yield* settle
      pipe.feed("HEL")
      pipe.breakOff()
      const error = yield* Fiber.join(reading)
      if (error._tag !== "SocketError") return assert.fail(error._tag)
      assert.strictEqual(SocketFailure.errno(error), "ECONNRESET")
      assert.strictEqual(textOf(yield* reader.take(3)), "HEL")
      assert.strictEqual(yield* Effect.flip(reader.take(1)), error)
    }))

  it.effect("leaves bytes in the pipe while it waits for none, so that a fast peer has to wait", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("HELLO")
      pipe.feed("WORLD")
      assert.deepStrictEqual([pipe.untaken, reader.available()], [2, 0])
      yield* reader.take(1)
      pipe.feed("!")
      yield* reader.take(1)
      assert.deepStrictEqual([pipe.untaken, reader.available()], [1, 8])
    }))
})
