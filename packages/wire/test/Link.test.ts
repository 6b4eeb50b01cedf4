import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { lateAfter4Seconds, settle } from "./Waiting.ts"

const Count = Schema.Struct({ count: Schema.Int }).annotate({ identifier: "Count" })
const Goodbye = Schema.Struct({ goodbye: Schema.Literal(true) }).annotate({ identifier: "Goodbye" })

const open = Effect.gen(function*() {
  const pipe = new ScriptedPipe()
  return { link: yield* Link.make(pipe, { format }), pipe }
})

describe("a link", () => {
  describe("receive", () => {
    it.effect("waits for the message that it names", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        const receiving = yield* Effect.forkChild(link.receive(Count))
        yield* settle
        pipe.feed("{\"count\"", ": 1}\n")
        assert.deepStrictEqual(yield* Fiber.join(receiving), { count: 1 })
      }))

    it.effect("takes coalesced messages one by one", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.feed("{\"count\":1}\n{\"count\":2}\n{\"goodbye\":true}\n")
        assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
        assert.deepStrictEqual(yield* link.receive(Count), { count: 2 })
        assert.deepStrictEqual(yield* link.receive(Goodbye), { goodbye: true })
      }))

    it.effect("leaves in the pipe what it does not need, so that a fast peer has to wait", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.feed("{\"count\":1}\n{\"count\":2}\n")
        yield* link.receive(Count)
        pipe.feed("{\"count\":3}\n")
        assert.deepStrictEqual(yield* link.receive(Count), { count: 2 })
        assert.strictEqual(pipe.untaken, 1)
      }))

    it.effect("gives up on a silent peer after the time it was given", () =>
      Effect.gen(function*() {
        const { link } = yield* open
        const error = yield* lateAfter4Seconds(link.receive(Count, "4 seconds"))
        assert.strictEqual(error.message, "The peer sent no Count within 4s.")
      }))

    it.effect("loses nothing when it gives up inside a message", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.feed("{\"count\":")
        const receiving = yield* Effect.forkChild(Effect.flip(link.receive(Count, "4 seconds")))
        yield* settle
        yield* TestClock.adjust("4 seconds")
        assert.strictEqual((yield* Fiber.join(receiving))._tag, "PeerUnresponsive")
        pipe.feed("1}\n")
        assert.deepStrictEqual(yield* link.receive(Count, "4 seconds"), { count: 1 })
      }))

    it.effect("loses nothing when it is interrupted", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.feed("{\"count\":")
        const receiving = yield* Effect.forkChild(link.receive(Count))
        yield* settle
        yield* Fiber.interrupt(receiving)
        pipe.feed("1}\n")
        assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
      }))

    it.effect("loses nothing when it is interrupted in the moment that bytes come", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        const receiving = yield* Effect.forkChild(link.receive(Count))
        yield* settle
        pipe.feed("{\"count\":1}\n{\"count\":2}\n")
        receiving.interruptUnsafe()
        const exit = yield* Fiber.await(receiving)
        assert.deepStrictEqual(yield* link.receive(Count), { count: exit._tag === "Success" ? 2 : 1 })
      }))

    it.effect("shares what comes between several receivers", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        const receiving = yield* Effect.forkChild(
          Effect.all([link.receive(Count), link.receive(Count)], { concurrency: "unbounded" })
        )
        yield* settle
        pipe.feed("{\"count\":1}\n")
        yield* settle
        pipe.feed("{\"count\":2}\n")
        assert.deepStrictEqual(yield* Fiber.join(receiving), [{ count: 1 }, { count: 2 }])
      }))

    it.effect("names a message that it did not expect by its keys and goes on behind it", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.feed("{\"shadow\":\"secret\"}\n{\"count\":1}\n")
        const error = yield* Effect.flip(link.receive(Count))
        assert.strictEqual(error.message, "The peer sent a message with shadow where Count was expected.")
        assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
      }))

    it.effect("goes on behind a message that cannot be read", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.feed("{count}\n{\"count\":1}\n")
        assert.strictEqual((yield* Effect.flip(link.receive(Count)))._tag, "MalformedMessage")
        assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
      }))
  })

  describe("receiveAll", () => {
    it.effect("takes everything that has arrived", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.feed("{\"count\":1}\n{\"count\":2}\n{\"cou", "nt\":3}\n{\"c")
        assert.deepStrictEqual(yield* link.receiveAll(Count), [{ count: 1 }, { count: 2 }, { count: 3 }])
        pipe.feed("ount\":4}\n")
        assert.deepStrictEqual(yield* link.receiveAll(Count), [{ count: 4 }])
      }))

    it.effect("gives the good messages before a bad one, and then the bad one, and then the rest", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.feed("{\"count\":1}\n{\"goodbye\":true}\n{\"count\":2}\n")
        assert.deepStrictEqual(yield* link.receiveAll(Count), [{ count: 1 }])
        assert.strictEqual((yield* Effect.flip(link.receiveAll(Count)))._tag, "UnexpectedMessage")
        assert.deepStrictEqual(yield* link.receiveAll(Count), [{ count: 2 }])
      }))
  })

  describe("receiveAll within a time", () => {
    it.effect("takes what arrived together in time", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        const receiving = yield* Effect.forkChild(link.receiveAll(Count, "4 seconds"))
        yield* settle
        yield* TestClock.adjust("3999 millis")
        pipe.feed("{\"count\":1}\n{\"count\":2}\n")
        assert.deepStrictEqual(yield* Fiber.join(receiving), [{ count: 1 }, { count: 2 }])
      }))

    it.effect("gives up on a silent peer, and loses no part of a message", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.feed("{\"count\":")
        const error = yield* lateAfter4Seconds(link.receiveAll(Count, "4 seconds"))
        assert.strictEqual(error.message, "The peer sent no Count within 4s.")
        pipe.feed("1}\n")
        assert.deepStrictEqual(yield* link.receiveAll(Count, "4 seconds"), [{ count: 1 }])
      }))
  })

  describe("receiveFrame", () => {
    it.effect("gives the bytes as they came, for Link.decode to read", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.feed("{ \"count\" :1 }\n")
        const frame = yield* link.receiveFrame("1 second")
        assert.strictEqual(new TextDecoder().decode(frame), "{ \"count\" :1 }")
        assert.deepStrictEqual(yield* Effect.fromResult(Link.decode(format, Count, frame)), { count: 1 })
      }))
  })
})

describe("a link that rests", () => {
  it.effect("waits for exactly its time", () =>
    Effect.gen(function*() {
      const { link } = yield* open
      const resting = yield* Effect.forkChild(link.rest("4 seconds"))
      yield* settle
      yield* TestClock.adjust("3999 millis")
      assert.isUndefined(resting.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(resting)
    }))

  it.effect("drops what has come and what comes meanwhile, and receives what comes after", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.feed("{\"count\":1}\n{\"count\":2}\n")
      assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
      pipe.feed("{\"count\":3}\n")
      const resting = yield* Effect.forkChild(link.rest("4 seconds"))
      yield* settle
      pipe.feed("{\"count\":4}\n{\"cou")
      yield* TestClock.adjust("4 seconds")
      yield* Fiber.join(resting)
      pipe.feed("nt\":5}\n")
      assert.deepStrictEqual(yield* link.receiveAll(Count), [{ count: 5 }])
    }))

  it.effect("fails at once when the connection ends", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      const resting = yield* Effect.forkChild(Effect.flip(link.rest("4 seconds")))
      yield* settle
      pipe.feed("{\"count\":1}\n")
      pipe.fin()
      assert.strictEqual((yield* Fiber.join(resting))._tag, "PeerClosed")
    }))
})
