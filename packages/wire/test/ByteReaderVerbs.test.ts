import { assert, describe } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Result } from "effect"
import { type ByteReader, FrameError } from "../src/index.ts"
import { oneByOne } from "./Cuts.ts"
import { byteLinked, bytes, textOf } from "./Testers.ts"
import { after4Seconds, lateAfter4Seconds, waiting } from "./Waiting.ts"

/** A line without its newline, of at most 8 bytes. */
const line = (bytes: Uint8Array): Result.Result<ByteReader.Parsed<string>, FrameError.FrameTooLarge> | undefined => {
  const end = bytes.indexOf(0x0a)
  if (end > 8) return Result.fail(new FrameError.FrameTooLarge({ limit: 8, size: end }))
  return end === -1 ? undefined : Result.succeed({ value: textOf(bytes.subarray(0, end)), length: end + 1 })
}

describe("takeSome", () => {
  byteLinked("waits for at least one byte and takes one piece, without a copy", function*({ pipe, reader }) {
    const segment = new Uint8Array(2000).fill(1)
    const reading = yield* waiting(reader.takeSome(10_000))
    pipe.feed(new Uint8Array(0))
    assert.isUndefined(reading.pollUnsafe())
    pipe.feed(segment, new Uint8Array(2000))
    assert.strictEqual(yield* Fiber.join(reading), segment)
    assert.strictEqual((yield* reader.takeSome(1500)).length, 1500)
    assert.strictEqual((yield* reader.takeSome(1500)).length, 500)
    const error = yield* lateAfter4Seconds(reader.takeSome(5, { awaited: "file", within: "4 seconds" }))
    assert.strictEqual(error.message, "The peer sent no file within 4s.")
  })
})

describe("takeToEnd", () => {
  byteLinked("takes everything up to FIN, which may be nothing", function*({ pipe, reader }) {
    pipe.feed("HEL", "LO")
    const reading = yield* waiting(reader.takeToEnd(5))
    pipe.fin()
    assert.strictEqual(textOf(yield* Fiber.join(reading)), "HELLO")
    assert.strictEqual(textOf(yield* reader.takeToEnd(5)), "")
  })

  byteLinked("fails as soon as there is more than its limit, before the end", function*({ pipe, reader }) {
    const reading = yield* waiting(Effect.flip(reader.takeToEnd(5)))
    pipe.feed("HELLO")
    assert.isUndefined(reading.pollUnsafe())
    pipe.feed("!")
    assert.deepInclude(yield* Fiber.join(reading), { _tag: "FrameTooLarge", limit: 5, size: 6 })
  })

  byteLinked("fails when the connection breaks instead", function*({ pipe, reader }) {
    const reading = yield* waiting(Effect.flip(reader.takeToEnd(5)))
    pipe.feed("HEL")
    pipe.breakOff()
    assert.strictEqual((yield* Fiber.join(reading))._tag, "SocketError")
  })
})

describe("peek and takeNow", () => {
  byteLinked("see and take what has arrived, and no more", function*({ pipe, reader }) {
    pipe.feed("HEL", "LO")
    assert.deepStrictEqual([reader.available(), textOf(reader.peek(9)), reader.ended()], [0, "", undefined])
    assert.isTrue(yield* reader.more())
    assert.deepStrictEqual([textOf(reader.peek(4)), textOf(reader.peek(9)), reader.available()], ["HELL", "HELLO", 5])
    const taken = [textOf(reader.takeNow(2)), textOf(reader.takeNow(9)), reader.available()]
    assert.deepStrictEqual(taken, ["HE", "LLO", 0])
    pipe.fin()
    assert.isUndefined(reader.ended())
    assert.isTrue(yield* reader.more())
    assert.strictEqual(reader.ended()?._tag, "PeerClosed")
  })
})

describe("more", () => {
  byteLinked("waits for something new, not for what is there", function*({ pipe, reader }) {
    pipe.feed("HEL")
    yield* reader.more()
    const more = yield* waiting(reader.more())
    pipe.feed("LO")
    assert.isTrue(yield* Fiber.join(more))
    assert.strictEqual(textOf(reader.takeNow(5)), "HELLO")
  })

  byteLinked("is false where nothing came in time", function*({ reader }) {
    assert.isFalse(yield* after4Seconds(reader.more("4 seconds")))
  })

  byteLinked("waits for the end, and not behind it", function*({ pipe, reader }) {
    const more = yield* waiting(reader.more("4 seconds"))
    pipe.fin()
    assert.isTrue(yield* Fiber.join(more))
    assert.deepStrictEqual([yield* reader.more(), yield* reader.more("4 seconds")], [true, true])
  })
})

describe("read", () => {
  byteLinked("asks its parser again each time that bytes come, and leaves the rest", function*({ pipe, reader }) {
    const seen: Array<string> = []
    const reading = yield* waiting(reader.read((bytes) => {
      seen.push(textOf(bytes))
      return line(bytes)
    }))
    for (const byte of oneByOne(bytes("HEY\n"))) pipe.feed(byte)
    assert.strictEqual(yield* Fiber.join(reading), "HEY")
    assert.deepStrictEqual(seen.filter((text) => text !== ""), ["H", "HE", "HEY", "HEY\n"])
    pipe.feed("A\nB\nC")
    assert.deepStrictEqual([yield* reader.read(line), yield* reader.read(line), reader.available()], ["A", "B", 1])
  })

  byteLinked("fails with its parser's error, and takes nothing", function*({ pipe, reader }) {
    pipe.feed("123456789\n")
    assert.strictEqual((yield* Effect.flip(reader.read(line)))._tag, "FrameTooLarge")
    assert.strictEqual(reader.available(), 10)
  })

  byteLinked("fails where the end comes before its parser has enough", function*({ pipe, reader }) {
    pipe.feed("HEY")
    const reading = yield* waiting(Effect.flip(reader.read(line, { within: "4 seconds" })))
    pipe.fin()
    assert.deepInclude(yield* Fiber.join(reading), { _tag: "FrameTruncated", pending: 3 })
  })

  byteLinked("dies of a parser that throws, and the socket's callback does not", function*({ pipe, reader }) {
    const reading = yield* waiting(reader.read((bytes) => {
      if (bytes.length > 0) throw new Error("a bug")
      return undefined
    }))
    pipe.feed("HEY")
    const exit = yield* Fiber.await(reading)
    assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    assert.strictEqual(textOf(yield* reader.take(3)), "HEY")
  })
})
