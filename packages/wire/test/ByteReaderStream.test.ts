import { assert, describe, it } from "@effect/vitest"
import { SocketFailure } from "@peerage/transport"
import { Effect, Fiber, Stream } from "effect"
import { ByteLink, type ByteReader } from "../src/index.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { lateAfter4Seconds, settle } from "./Waiting.ts"

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const open = Effect.gen(function*() {
  const pipe = new ScriptedPipe()
  const { reader } = yield* ByteLink.make(pipe)
  return { reader, pipe }
})

describe("stream", () => {
  const collect = (stream: ReturnType<ByteReader.ByteReader["stream"]>) =>
    Effect.map(Stream.runCollect(stream), (chunks) => chunks.map(textOf).join(""))

  it.effect("gives so many bytes as they come, and leaves the rest", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      const reading = yield* Effect.forkChild(collect(reader.stream(8)))
      for (const segment of ["HEL", "LO", "WORLD"]) {
        yield* settle
        pipe.feed(segment)
      }
      assert.strictEqual(yield* Fiber.join(reading), "HELLOWOR")
      assert.strictEqual(textOf(yield* reader.take(2)), "LD")
      assert.strictEqual(yield* collect(reader.stream(0)), "")
    }))

  it.effect("ends with FIN where that comes earlier", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("HEL")
      pipe.fin()
      assert.strictEqual(yield* collect(reader.stream(8)), "HEL")
    }))

  it.effect("takes so many bytes each time that it is run", () =>
    Effect.gen(function*() {
      const { pipe, reader } = yield* open
      pipe.feed("HELLOWORLD")
      const five = reader.stream(5)
      assert.deepStrictEqual([yield* collect(five), yield* collect(five)], ["HELLO", "WORLD"])
    }))

  it.effect("fails when the connection breaks, and on silence", () =>
    Effect.gen(function*() {
      const silent = yield* open
      const error = yield* lateAfter4Seconds(collect(silent.reader.stream(8, { within: "4 seconds" })))
      assert.strictEqual(error._tag, "PeerUnresponsive")
      const { pipe, reader } = yield* open
      const reading = yield* Effect.forkChild(Effect.flip(collect(reader.stream(8))))
      yield* settle
      pipe.breakOff()
      const reset = yield* Fiber.join(reading)
      if (reset._tag !== "SocketError") return assert.fail(reset._tag)
      assert.strictEqual(SocketFailure.errno(reset), "ECONNRESET")
    }))
})
