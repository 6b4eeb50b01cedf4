import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Link, PipeLink } from "../src/index.ts"
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

const kinds = [
  {
    name: "over a connection",
    open: Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      return { link: yield* Link.make(pipe.connection, { format }), pipe }
    })
  },
  {
    name: "over a pipe",
    open: Effect.sync(() => {
      const pipe = new ScriptedPipe()
      return { link: PipeLink.make(pipe, { format }), pipe }
    })
  }
]

describe.each(kinds)("a link $name", ({ open }) => {
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

describe("listening over a pipe", () => {
  const open = () => {
    const pipe = new ScriptedPipe()
    return { link: PipeLink.make(pipe, { format }), pipe, told: new Array<string>() }
  }

  it("tells once that there is something to receive", () => {
    const { link, pipe, told } = open()
    link.heard((ended) => told.push(ended?._tag ?? "something"))
    pipe.feed("{\"count\"")
    assert.deepStrictEqual(told, [])
    pipe.feed(":1}\n")
    pipe.feed("{\"count\":2}\n")
    assert.deepStrictEqual(told, ["something"])
  })

  it("tells at once what has come already, and what comes before the end first", () => {
    const { link, pipe, told } = open()
    pipe.feed("{\"count\":1}\n")
    pipe.fin()
    link.heard((ended) => told.push(ended?._tag ?? "something"))
    assert.deepStrictEqual(told, ["something"])
  })

  it("tells why there is no more", () => {
    const { link, pipe, told } = open()
    link.heard((ended) => told.push(ended?._tag ?? "something"))
    pipe.fin()
    assert.deepStrictEqual(told, ["PeerClosed"])
  })

  it("can be taken back, and then takes no bytes", () => {
    const { link, pipe, told } = open()
    link.heard(() => told.push("something"))()
    pipe.feed("{\"count\":1}\n")
    assert.deepStrictEqual(told, [])
    assert.strictEqual(pipe.take()?.length, 1)
  })
})

describe("callbacks over a pipe", () => {
  const open = () => {
    const pipe = new ScriptedPipe()
    return { link: PipeLink.make(pipe, { format }), pipe }
  }
  const bytes = new TextEncoder().encode("{\"count\":1}\n")

  it.effect("attend to messages as they come, all that came together at once", () =>
    Effect.gen(function*() {
      const { link, pipe } = open()
      const taken: Array<ReadonlyArray<number>> = []
      pipe.feed("{\"count\":1}\n{\"count\":2}\n")
      const attending = yield* Effect.forkChild(
        link.attend<typeof Count.Type, never>(Count, (counts) => void taken.push(counts.map(({ count }) => count))),
        { startImmediately: true }
      )
      pipe.feed("{\"count\"")
      pipe.feed(":3}\n")
      assert.deepStrictEqual(taken, [[1, 2], [3]])
      pipe.feed("{\"count\":4}\n")
      pipe.fin()
      assert.strictEqual((yield* Effect.flip(Fiber.join(attending)))._tag, "PeerClosed")
      assert.deepStrictEqual(taken, [[1, 2], [3], [4]])
    }))

  it.effect("take no bytes while there is something to be done first", () =>
    Effect.gen(function*() {
      const { link, pipe } = open()
      yield* Effect.forkChild(link.attend(Count, () => Effect.never), { startImmediately: true })
      pipe.feed("{\"count\":1}\n")
      assert.isUndefined(pipe.take())
      pipe.feed("{\"count\":2}\n")
      assert.strictEqual(pipe.take()?.length, 1)
    }))

  it.effect("fail with what does not fit", () =>
    Effect.gen(function*() {
      const { link, pipe } = open()
      pipe.feed("{\"goodbye\":true}\n")
      const error = yield* Effect.flip(link.attend<typeof Count.Type, never>(Count, () => undefined))
      assert.strictEqual(error._tag, "UnexpectedMessage")
    }))

  it("hand bytes over with nothing to wait for", () => {
    const { link, pipe } = open()
    assert.isUndefined(link.handOver(bytes, "4 seconds"))
    assert.deepStrictEqual(pipe.writes, ["{\"count\":1}\n"])
  })

  it.effect("say that there is to wait for a slow peer, and for how long", () =>
    Effect.gen(function*() {
      const { link, pipe } = open()
      pipe.congested = true
      const error = yield* lateAfter4Seconds(link.handOver(bytes, "4 seconds") ?? Effect.die("did not wait"))
      assert.deepInclude(error, { _tag: "PeerUnresponsive", awaited: "sign of reading" })
    }))

  it.effect("do not wait for a peer that has read already", () =>
    Effect.gen(function*() {
      const { link, pipe } = open()
      pipe.congested = true
      const unread = link.handOver(bytes, "4 seconds")
      pipe.drain()
      yield* unread ?? Effect.die("did not wait")
    }))

  it.effect("say why bytes cannot be handed over", () =>
    Effect.gen(function*() {
      const { link, pipe } = open()
      pipe.breakWrites()
      const error = yield* Effect.flip(link.handOver(bytes, "4 seconds") ?? Effect.die("handed over"))
      assert.strictEqual(error._tag, "SocketError")
    }))
})

describe("the link's scope", () => {
  it.effect("ends the connection", () =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      yield* Effect.scoped(Link.make(pipe.connection, { format }))
      assert.deepStrictEqual([pipe.finished, pipe.freed], [true, true])
    }))
})
