import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { Count, Goodbye, linked, open, textOf } from "./Testers.ts"
import { after4Seconds, lateAfter4Seconds, waiting } from "./Waiting.ts"

describe("a link", () => {
  linked("waits for the message that it names", function*({ link, pipe }) {
    const receiving = yield* waiting(link.receive(Count))
    pipe.feed("{\"count\"", ": 1}\n")
    assert.deepStrictEqual(yield* Fiber.join(receiving), { count: 1 })
  })

  linked("takes coalesced messages one by one", function*({ link, pipe }) {
    pipe.feed("{\"count\":1}\n{\"count\":2}\n{\"goodbye\":true}\n")
    assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
    assert.deepStrictEqual(yield* link.receive(Count), { count: 2 })
    assert.deepStrictEqual(yield* link.receive(Goodbye), { goodbye: true })
  })

  linked("leaves in the pipe what it does not need, so that a fast peer has to wait", function*({ link, pipe }) {
    pipe.feed("{\"count\":1}\n{\"count\":2}\n")
    yield* link.receive(Count)
    pipe.feed("{\"count\":3}\n")
    assert.deepStrictEqual(yield* link.receive(Count), { count: 2 })
    assert.strictEqual(pipe.untaken, 1)
  })

  it.effect.each<{ readonly how: string; readonly receive: (link: Link.Link) => Effect.Effect<unknown, unknown> }>([
    { how: "one message", receive: (link) => link.receive(Count, "4 seconds") },
    { how: "all that come", receive: (link) => Effect.map(link.receiveAll(Count, "4 seconds"), ([first]) => first) }
  ])(
    "gives up on a silent peer after the time it was given, and loses no part of $how",
    ({ receive }) =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open()
        pipe.feed("{\"count\":")
        const error = yield* lateAfter4Seconds(receive(link))
        assert.deepInclude(error, { message: "The peer sent no Count within 4s." })
        pipe.feed("1}\n")
        assert.deepStrictEqual(yield* receive(link), { count: 1 })
      })
  )

  linked("loses nothing when it is interrupted", function*({ link, pipe }) {
    pipe.feed("{\"count\":")
    yield* Fiber.interrupt(yield* waiting(link.receive(Count)))
    pipe.feed("1}\n")
    assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
  })

  linked("loses nothing when it is interrupted in the moment that bytes come", function*({ link, pipe }) {
    const receiving = yield* waiting(link.receive(Count))
    pipe.feed("{\"count\":1}\n{\"count\":2}\n")
    receiving.interruptUnsafe()
    const exit = yield* Fiber.await(receiving)
    assert.deepStrictEqual(yield* link.receive(Count), { count: exit._tag === "Success" ? 2 : 1 })
  })

  linked("shares what comes between several receivers", function*({ link, pipe }) {
    const [first, second] = [yield* waiting(link.receive(Count)), yield* waiting(link.receive(Count))]
    pipe.feed("{\"count\":1}\n")
    assert.deepStrictEqual(yield* Fiber.join(first), { count: 1 })
    pipe.feed("{\"count\":2}\n")
    assert.deepStrictEqual(yield* Fiber.join(second), { count: 2 })
  })

  it.effect.each([
    {
      bad: "that it did not expect, which it names by its keys",
      wire: "{\"shadow\":\"secret\"}",
      message: "The peer sent a message with shadow where Count was expected."
    },
    { bad: "that cannot be read", wire: "{count}", message: "A message is malformed: not JSON." }
  ])("goes on behind a message $bad", ({ message, wire }) =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open()
      pipe.feed(`${wire}\n{"count":1}\n`)
      assert.strictEqual((yield* Effect.flip(link.receive(Count))).message, message)
      assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
    }))

  linked("gives the bytes of a frame as they came, for Link.decode to read", function*({ link, pipe }) {
    pipe.feed("{ \"count\" :1 }\n")
    const frame = yield* link.receiveFrame("1 second")
    assert.strictEqual(textOf(frame), "{ \"count\" :1 }")
    assert.deepStrictEqual(yield* Effect.fromResult(Link.decode(format, Count, frame)), { count: 1 })
    const error = yield* lateAfter4Seconds(link.receiveFrame("4 seconds"))
    assert.strictEqual(error.message, "The peer sent no frame within 4s.")
  })
})

describe("a link that receives a long message", () => {
  linked(
    "waits while some of it comes in the time it has, and gives up when nothing does",
    function*({ link, pipe }) {
      const receiving = yield* waiting(Effect.flip(link.receiveLong(Count, "4 seconds")))
      for (let digit = 0; digit < 10; digit++) {
        yield* TestClock.adjust("3999 millis")
        pipe.feed("1")
      }
      yield* TestClock.adjust("1 second")
      assert.isUndefined(receiving.pollUnsafe())
      yield* TestClock.adjust("8 seconds")
      assert.strictEqual((yield* Fiber.join(receiving)).message, "The peer sent no Count within 4s.")
      pipe.feed("\n{\"count\":1}\n")
      assert.strictEqual((yield* Effect.flip(link.receiveLong(Count, "4 seconds")))._tag, "UnexpectedMessage")
      assert.deepStrictEqual(yield* link.receiveLong(Count, "4 seconds"), { count: 1 })
    }
  )
})

describe("a link that receives all", () => {
  linked("takes everything that has arrived", function*({ link, pipe }) {
    pipe.feed("{\"count\":1}\n{\"count\":2}\n{\"cou", "nt\":3}\n{\"c")
    assert.deepStrictEqual(yield* link.receiveAll(Count), [{ count: 1 }, { count: 2 }, { count: 3 }])
    pipe.feed("ount\":4}\n")
    assert.deepStrictEqual(yield* link.receiveAll(Count), [{ count: 4 }])
  })

  linked(
    "gives the good messages before a bad one, and then the bad one, and then the rest",
    function*({ link, pipe }) {
      pipe.feed("{\"count\":1}\n{\"goodbye\":true}\n{\"count\":2}\n")
      assert.deepStrictEqual(yield* link.receiveAll(Count), [{ count: 1 }])
      assert.strictEqual((yield* Effect.flip(link.receiveAll(Count)))._tag, "UnexpectedMessage")
      assert.deepStrictEqual(yield* link.receiveAll(Count), [{ count: 2 }])
    }
  )

  linked("takes what arrived together in time", function*({ link, pipe }) {
    const receiving = yield* waiting(link.receiveAll(Count, "4 seconds"))
    yield* TestClock.adjust("3999 millis")
    pipe.feed("{\"count\":1}\n{\"count\":2}\n")
    assert.deepStrictEqual(yield* Fiber.join(receiving), [{ count: 1 }, { count: 2 }])
  })
})

describe("a link that rests", () => {
  linked("waits for exactly its time", function*({ link }) {
    yield* after4Seconds(link.rest("4 seconds"))
  })

  linked("drops what has come and what comes meanwhile, and receives what comes after", function*({ link, pipe }) {
    pipe.feed("{\"count\":1}\n{\"count\":2}\n")
    assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
    pipe.feed("{\"count\":3}\n")
    const resting = yield* waiting(link.rest("4 seconds"))
    pipe.feed("{\"count\":4}\n{\"cou")
    yield* TestClock.adjust("4 seconds")
    yield* Fiber.join(resting)
    pipe.feed("nt\":5}\n")
    assert.deepStrictEqual(yield* link.receiveAll(Count), [{ count: 5 }])
  })

  linked("fails at once when the connection ends", function*({ link, pipe }) {
    const resting = yield* waiting(Effect.flip(link.rest("4 seconds")))
    pipe.feed("{\"count\":1}\n")
    pipe.fin()
    assert.strictEqual((yield* Fiber.join(resting))._tag, "PeerClosed")
  })
})
