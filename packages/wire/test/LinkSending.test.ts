import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { Count, Goodbye, linked, open } from "./Testers.ts"
import { lateAfter4Seconds, settle, waiting } from "./Waiting.ts"

describe("a link that sends", () => {
  linked("writes each message alone", function*({ link, pipe }) {
    yield* link.send(Count, { count: 1 })
    yield* link.send(Goodbye, { goodbye: true })
    assert.deepStrictEqual(pipe.writes, ["{\"count\":1}\n", "{\"goodbye\":true}\n"])
  })

  linked("writes several messages in one write, and none of none", function*({ link, pipe }) {
    yield* link.sendAll(Count, [{ count: 1 }, { count: 2 }])
    yield* link.sendAll(Count, [])
    assert.deepStrictEqual(pipe.writes, ["{\"count\":1}\n{\"count\":2}\n"])
  })

  linked("sends nothing of what does not fit its message", function*({ link, pipe }) {
    const error = yield* Effect.flip(link.sendAll(Count, [{ count: 1 }, { count: 1.5 }]))
    assert.strictEqual(error.message, "A message is malformed: the value does not fit Count.")
    assert.deepStrictEqual(pipe.writes, [])
  })

  it.effect("sends bytes encoded once to many links", () =>
    Effect.gen(function*() {
      const links = [yield* open(), yield* open()]
      const encoded = yield* Effect.fromResult(Link.encode(format, Count, { count: 1 }))
      for (const { link } of links) yield* link.sendEncoded(encoded)
      assert.deepStrictEqual(links.map(({ pipe }) => pipe.writes), [["{\"count\":1}\n"], ["{\"count\":1}\n"]])
    }))

  linked("waits for a slow peer", function*({ link, pipe }) {
    pipe.congested = true
    const sending = yield* waiting(link.send(Count, { count: 1 }))
    pipe.drain()
    yield* Fiber.join(sending)
  })

  linked("waits again for a peer that is slow again after it has read", function*({ link, pipe }) {
    pipe.congested = true
    const counts = Array.from({ length: 10 }, (_, count) => ({ count }))
    yield* waiting(Effect.forEach(counts, (count) => link.send(Count, count)))
    for (const writes of [1, 2, 3]) {
      assert.strictEqual(pipe.writes.length, writes)
      pipe.drain(true)
    }
  })

  linked("lets those that wait for a slow peer go on in order, one each time where one fills it", function*(ends) {
    const { link, pipe } = ends
    pipe.congested = true
    for (const count of [1, 2]) {
      yield* waiting(Effect.forEach([count, count + 10, count + 20], (count) => link.send(Count, { count })))
    }
    for (let writes = 3; writes <= 6; writes++) {
      pipe.drain(true)
      assert.strictEqual(pipe.writes.length, writes)
    }
    assert.deepStrictEqual(pipe.writes, [1, 2, 11, 12, 21, 22].map((count) => `{"count":${count}}\n`))
  })

  linked("does not wait for a peer that has read already when it begins to", function*({ link, pipe }) {
    pipe.congested = true
    pipe.onWrite = () => pipe.drain()
    yield* link.send(Count, { count: 1 })
    pipe.congested = true
    yield* link.send(Count, { count: 2 }, "4 seconds")
    assert.strictEqual(pipe.writes.length, 2)
  })

  it.effect.each<{ readonly way: string; readonly send: (link: Link.Link) => ReturnType<Link.Link["send"]> }>([
    { way: "one message", send: (link) => link.send(Count, { count: 1 }, "4 seconds") },
    { way: "several", send: (link) => link.sendAll(Count, [{ count: 1 }, { count: 2 }], "4 seconds") },
    { way: "encoded ones", send: (link) => link.sendEncoded(new Uint8Array(1), "4 seconds") }
  ])(
    "gives up on a slow peer after the time it was given for $way, and forgets that it waited",
    ({ send }) =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open()
        pipe.congested = true
        const error = yield* lateAfter4Seconds(send(link))
        assert.strictEqual(error.message, "The peer sent no sign of reading within 4s.")
        const { asked } = pipe
        pipe.drain()
        assert.strictEqual(pipe.asked, asked)
      })
  )

  linked(
    "waits as long as the peer takes anything in the time it was given, however little",
    function*({ link, pipe }) {
      pipe.congested = true
      pipe.stalled = 1
      const sending = yield* waiting(Effect.flip(link.send(Count, { count: 1 }, "4 seconds")))
      yield* TestClock.adjust("1 minute")
      assert.isUndefined(sending.pollUnsafe())
      pipe.stalled = 3999
      yield* TestClock.adjust("4 seconds")
      assert.isUndefined(sending.pollUnsafe())
      pipe.stalled = 4000
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(sending))._tag, "PeerUnresponsive")
    }
  )

  linked("fails when the connection breaks while it waits for a slow peer, and later", function*({ link, pipe }) {
    pipe.congested = true
    const sending = yield* waiting(Effect.flip(link.send(Count, { count: 1 }, "4 seconds")))
    pipe.breakWrites()
    assert.strictEqual((yield* Fiber.join(sending))._tag, "SocketError")
    assert.strictEqual((yield* Effect.flip(link.send(Count, { count: 1 })))._tag, "SocketError")
  })
})

const coalesce = { coalesce: true }

describe("a link that coalesces", () => {
  const sent = (...counts: ReadonlyArray<number>) => counts.map((count) => `{"count":${count}}\n`).join("")
  const each = (counts: ReadonlyArray<number>) => counts.map((count) => ({ count }))
  // Two messages of 12 bytes.
  const two = { coalesce: { maxBytes: 24 } }

  linked("writes what is sent in one turn of the event loop in one write", function*({ link, pipe }) {
    yield* link.send(Count, { count: 1 })
    yield* link.send(Count, { count: 2 })
    yield* link.sendAll(Count, each([3, 4]))
    assert.deepStrictEqual(pipe.writes, [])
    yield* Effect.yieldNow
    assert.deepStrictEqual(pipe.writes, [sent(1, 2, 3, 4)])
    yield* link.send(Count, { count: 5 })
    yield* Effect.yieldNow
    assert.deepStrictEqual(pipe.writes.slice(1), [sent(5)])
  }, coalesce)

  linked("gathers what several fibers send", function*({ link, pipe }) {
    yield* Effect.forEach(each([1, 2]), (count) => link.send(Count, count), { concurrency: "unbounded" })
    yield* settle
    assert.deepStrictEqual(pipe.writes, [sent(1, 2)])
  }, coalesce)

  linked("writes at once what reaches the bound", function*({ link, pipe }) {
    yield* Effect.forEach(each([1, 2]), (count) => link.send(Count, count))
    assert.deepStrictEqual(pipe.writes, [sent(1, 2)])
    yield* settle
    assert.strictEqual(pipe.writes.length, 1)
  }, two)

  linked("writes at once when told to flush, and then waits for a slow peer", function*({ link, pipe }) {
    yield* link.send(Count, { count: 1 })
    yield* link.flush
    assert.deepStrictEqual(pipe.writes, [sent(1)])
    pipe.congested = true
    yield* link.send(Count, { count: 2 })
    const flushing = yield* waiting(link.flush)
    pipe.drain()
    yield* Fiber.join(flushing)
  }, coalesce)

  linked("holds senders back at the bound while the peer is slow", function*({ link, pipe }) {
    pipe.congested = true
    const sending = yield* waiting(Effect.forEach(each([1, 2, 3, 4, 5]), (count) => link.send(Count, count)))
    assert.deepStrictEqual(pipe.writes, [sent(1, 2)])
    pipe.drain()
    yield* Fiber.join(sending)
    yield* link.flush
    assert.strictEqual(pipe.writes.join(""), sent(1, 2, 3, 4, 5))
  }, two)

  linked("writes what an interrupted sender had sent already", function*({ link, pipe }) {
    pipe.congested = true
    yield* link.sendAll(Count, each([1, 2]))
    yield* Fiber.interrupt(yield* waiting(link.sendAll(Count, each([3, 4]))))
    pipe.drain()
    yield* settle
    assert.deepStrictEqual(pipe.writes, [sent(1, 2), sent(3, 4)])
  }, two)

  linked("reports a failure to write to later sends and to flush", function*({ link, pipe }) {
    yield* link.send(Count, { count: 1 })
    pipe.breakWrites()
    yield* settle
    assert.strictEqual((yield* Effect.flip(link.send(Count, { count: 2 })))._tag, "SocketError")
    assert.strictEqual((yield* Effect.flip(link.flush))._tag, "SocketError")
  }, coalesce)

  it.effect("does not wait for a slow peer when its scope is left, and writes what it holds", () =>
    Effect.gen(function*() {
      const pipe = yield* Effect.scoped(Effect.gen(function*() {
        const { link, pipe } = yield* open(two)
        pipe.congested = true
        yield* link.sendAll(Count, each([1, 2]))
        yield* link.send(Count, { count: 3 })
        return pipe
      }))
      assert.deepStrictEqual([pipe.writes, pipe.left], [[sent(1, 2), sent(3)], "close"])
    }))
})

describe("a link whose scope was left", () => {
  it.effect.each([{ coalesce: false }, coalesce])(
    "fails instead of waiting (coalesce: $coalesce)",
    (options) =>
      Effect.gen(function*() {
        const { link, pipe } = yield* Effect.scoped(open(options))
        const errors = [
          link.send(Count, { count: 1 }),
          link.sendEncoded(new Uint8Array(1)),
          link.flush,
          link.receive(Count)
        ]
        for (const error of errors) assert.strictEqual((yield* Effect.flip(error))._tag, "SocketError")
        assert.deepStrictEqual(pipe.writes, [])
      })
  )
})
