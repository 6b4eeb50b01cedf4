import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import { ByteLink, type ByteReader, FrameError } from "../src/index.ts"
import { oneByOne } from "./Cuts.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { lateAfter4Seconds, settle } from "./Waiting.ts"

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const open = Effect.gen(function*() {
  const pipe = new ScriptedPipe()
  const { reader } = yield* ByteLink.make(pipe)
  return { reader, pipe }
})

/** A line without its newline, of at most 8 bytes. */
const line = (bytes: Uint8Array): Result.Result<ByteReader.Parsed<string>, FrameError.FrameTooLarge> | undefined => {
  const end = bytes.indexOf(0x0a)
  if (end > 8) return Result.fail(new FrameError.FrameTooLarge({ limit: 8, size: end }))
  return end === -1 ? undefined : Result.succeed({ value: textOf(bytes.subarray(0, end)), length: end + 1 })
}

describe("takeSome", () => {
  it.effect("waits for at least one byte and takes one piece, without a copy", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const segment = new Uint8Array(2000).fill(1)
      const reading = yield* Effect.forkChild(reader.takeSome(10_000))
      yield* settle
      pipe.feed(new Uint8Array(0))
      assert.isUndefined(reading.pollUnsafe())
      pipe.feed(segment, new Uint8Array(2000))
      assert.strictEqual(yield* Fiber.join(reading), segment)
      assert.strictEqual((yield* reader.takeSome(1500)).length, 1500)
      assert.strictEqual((yield* reader.takeSome(1500)).length, 500)
    }))

  it.effect("gives up after so much silence", () =>
    Effect.gen(function*() {
      const { reader } = yield* open
      const error = yield* lateAfter4Seconds(reader.takeSome(5, { awaited: "file", within: "4 seconds" }))
      assert.strictEqual(error.message, "The peer sent no file within 4s.")
    }))
})

describe("takeToEnd", () => {
  it.effect("takes everything up to FIN, which may be nothing", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("HEL", "LO")
      const reading = yield* Effect.forkChild(reader.takeToEnd(5))
      yield* settle
      assert.isUndefined(reading.pollUnsafe())
      pipe.fin()
      assert.strictEqual(textOf(yield* Fiber.join(reading)), "HELLO")
      assert.strictEqual(textOf(yield* reader.takeToEnd(5)), "")
    }))

  it.effect("fails as soon as there is more than its limit, before the end", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const reading = yield* Effect.forkChild(Effect.flip(reader.takeToEnd(5)))
      yield* settle
      pipe.feed("HELLO")
      assert.isUndefined(reading.pollUnsafe())
      pipe.feed("!")
      assert.deepInclude(yield* Fiber.join(reading), { _tag: "FrameTooLarge", limit: 5, size: 6 })
    }))

  it.effect("fails when the connection breaks instead", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const reading = yield* Effect.forkChild(Effect.flip(reader.takeToEnd(5)))
      yield* settle
      pipe.feed("HEL")
      pipe.breakOff()
      assert.strictEqual((yield* Fiber.join(reading))._tag, "SocketError")
    }))

  it.effect("gives up after so much silence", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("HEL")
      const error = yield* lateAfter4Seconds(reader.takeToEnd(5, { within: "4 seconds" }))
      assert.strictEqual(error._tag, "PeerUnresponsive")
      assert.strictEqual(reader.available(), 3)
    }))
})

describe("peek and takeNow", () => {
  it.effect("see and take what has arrived, and no more", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("HEL", "LO")
      assert.deepStrictEqual([reader.available(), textOf(reader.peek(9)), reader.ended()], [0, "", undefined])
      assert.isTrue(yield* reader.more())
      assert.deepStrictEqual([textOf(reader.peek(4)), textOf(reader.peek(9)), reader.available()], ["HELL", "HELLO", 5])
      assert.deepStrictEqual([textOf(reader.takeNow(2)), textOf(reader.takeNow(9)), reader.available()], [
        "HE",
        "LLO",
        0
      ])
      pipe.fin()
      assert.isUndefined(reader.ended())
      assert.isTrue(yield* reader.more())
      assert.strictEqual(reader.ended()?._tag, "PeerClosed")
    }))
})

describe("more", () => {
  it.effect("waits for something new, not for what is there", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("HEL")
      yield* reader.more()
      const waiting = yield* Effect.forkChild(reader.more())
      yield* settle
      assert.isUndefined(waiting.pollUnsafe())
      pipe.feed("LO")
      assert.isTrue(yield* Fiber.join(waiting))
      assert.strictEqual(textOf(reader.takeNow(5)), "HELLO")
    }))

  it.effect("is false where nothing came in time", () =>
    Effect.gen(function*() {
      const { reader } = yield* open
      const waiting = yield* Effect.forkChild(reader.more("4 seconds"))
      yield* settle
      yield* TestClock.adjust("3999 millis")
      assert.isUndefined(waiting.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.isFalse(yield* Fiber.join(waiting))
    }))

  it.effect("waits for the end, and not behind it", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const waiting = yield* Effect.forkChild(reader.more("4 seconds"))
      yield* settle
      pipe.fin()
      assert.isTrue(yield* Fiber.join(waiting))
      assert.deepStrictEqual([yield* reader.more(), yield* reader.more("4 seconds")], [true, true])
    }))
})

describe("read", () => {
  it.effect("asks its parser again each time that bytes come, and leaves the rest", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const seen: Array<string> = []
      const reading = yield* Effect.forkChild(reader.read((bytes) => {
        seen.push(textOf(bytes))
        return line(bytes)
      }))
      yield* settle
      for (const byte of oneByOne(new TextEncoder().encode("HEY\n"))) pipe.feed(byte)
      assert.strictEqual(yield* Fiber.join(reading), "HEY")
      assert.deepStrictEqual(seen.filter((text) => text !== ""), ["H", "HE", "HEY", "HEY\n"])
      pipe.feed("A\nB\nC")
      assert.deepStrictEqual([yield* reader.read(line), yield* reader.read(line), reader.available()], ["A", "B", 1])
    }))

  it.effect("fails with its parser's error, and takes nothing", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("123456789\n")
      assert.strictEqual((yield* Effect.flip(reader.read(line)))._tag, "FrameTooLarge")
      assert.strictEqual(reader.available(), 10)
    }))

  it.effect("fails where the end comes before its parser has enough", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("HEY")
      const reading = yield* Effect.forkChild(Effect.flip(reader.read(line, { within: "4 seconds" })))
      yield* settle
      pipe.fin()
      assert.deepInclude(yield* Fiber.join(reading), { _tag: "FrameTruncated", pending: 3 })
    }))

  it.effect("gives up after so much silence", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("HEY")
      const error = yield* lateAfter4Seconds(reader.read(line, { awaited: "line", within: "4 seconds" }))
      assert.strictEqual(error.message, "The peer sent no line within 4s.")
    }))

  it.effect("dies of a parser that throws, and the socket's callback does not", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const reading = yield* Effect.forkChild(reader.read((bytes) => {
        if (bytes.length > 0) throw new Error("a bug")
        return undefined
      }))
      yield* settle
      pipe.feed("HEY")
      const exit = yield* Fiber.await(reading)
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      assert.strictEqual(textOf(yield* reader.take(3)), "HEY")
    }))
})
