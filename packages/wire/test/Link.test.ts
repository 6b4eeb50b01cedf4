import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"

const Count = Schema.Struct({ count: Schema.Int }).annotate({ identifier: "Count" })
const Goodbye = Schema.Struct({ goodbye: Schema.Literal(true) }).annotate({ identifier: "Goodbye" })

/** Lets forked fibers run until they wait. */
const settle = Effect.repeat(Effect.yieldNow, { times: 5 })

/** Why something that waits gives up, which it does after exactly 4 seconds. */
const lateAfter4Seconds = Effect.fnUntraced(function*<A, E>(waiting: Effect.Effect<A, E>) {
  const fiber = yield* Effect.forkChild(Effect.flip(waiting))
  yield* settle
  yield* TestClock.adjust("3999 millis")
  assert.isUndefined(fiber.pollUnsafe())
  yield* TestClock.adjust("1 millis")
  assert.isDefined(fiber.pollUnsafe())
  return yield* Fiber.join(fiber)
})

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

  describe("send", () => {
    it.effect("writes each message alone", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        yield* link.send(Count, { count: 1 })
        yield* link.send(Goodbye, { goodbye: true })
        assert.deepStrictEqual(pipe.writes, ["{\"count\":1}\n", "{\"goodbye\":true}\n"])
      }))

    it.effect("writes several messages in one write, and none of none", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        yield* link.sendAll(Count, [{ count: 1 }, { count: 2 }])
        yield* link.sendAll(Count, [])
        assert.deepStrictEqual(pipe.writes, ["{\"count\":1}\n{\"count\":2}\n"])
      }))

    it.effect("sends nothing of what does not fit its message", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        const error = yield* Effect.flip(link.sendAll(Count, [{ count: 1 }, { count: 1.5 }]))
        assert.strictEqual(error.message, "A message is malformed: the value does not fit Count.")
        assert.deepStrictEqual(pipe.writes, [])
      }))

    it.effect("sends bytes encoded once to many links", () =>
      Effect.gen(function*() {
        const one = yield* open
        const other = yield* open
        const encoded = yield* Effect.fromResult(Link.encode(format, Count, { count: 1 }))
        yield* one.link.sendEncoded(encoded)
        yield* other.link.sendEncoded(encoded)
        assert.deepStrictEqual([one.pipe.writes, other.pipe.writes], [["{\"count\":1}\n"], ["{\"count\":1}\n"]])
      }))

    it.effect("waits for a slow peer", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.congested = true
        const sending = yield* Effect.forkChild(link.send(Count, { count: 1 }))
        yield* settle
        assert.strictEqual(sending.pollUnsafe(), undefined)
        pipe.drain()
        yield* Fiber.join(sending)
      }))

    it.effect("does not wait for a peer that has read already when it begins to", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.congested = true
        pipe.onWrite = () => pipe.drain()
        yield* link.send(Count, { count: 1 })
        pipe.congested = true
        yield* link.send(Count, { count: 2 }, "4 seconds")
        assert.strictEqual(pipe.writes.length, 2)
      }))

    it.effect("gives up on a slow peer after the time it was given", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.congested = true
        const error = yield* lateAfter4Seconds(link.send(Count, { count: 1 }, "4 seconds"))
        assert.strictEqual(error.message, "The peer sent no sign of reading within 4s.")
      }))

    it.effect("fails while it waits for a slow peer whose connection breaks", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.congested = true
        const sending = yield* Effect.forkChild(Effect.flip(link.send(Count, { count: 1 }, "4 seconds")))
        yield* settle
        pipe.breakWrites()
        assert.strictEqual((yield* Fiber.join(sending))._tag, "SocketError")
      }))

    it.effect("fails when the connection is broken", () =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.breakWrites()
        assert.strictEqual((yield* Effect.flip(link.send(Count, { count: 1 })))._tag, "SocketError")
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

describe("the link's scope", () => {
  it.effect("ends the connection", () =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      yield* Effect.scoped(Link.make(pipe, { format }))
      assert.isTrue(pipe.freed)
    }))
})
