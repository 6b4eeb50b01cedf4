import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
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

describe("a link that sends", () => {
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

  it.effect("waits again for a peer that is slow again after it has read", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.congested = true
      const counts = Array.from({ length: 10 }, (_, count) => ({ count }))
      yield* Effect.forkChild(Effect.forEach(counts, (count) => link.send(Count, count)))
      yield* settle
      assert.strictEqual(pipe.writes.length, 1)
      pipe.drain(true)
      assert.strictEqual(pipe.writes.length, 2)
      pipe.drain(true)
      assert.strictEqual(pipe.writes.length, 3)
    }))

  it.effect("lets those that wait for a slow peer go on in their order, one each time where one fills it", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.congested = true
      for (const count of [1, 2]) {
        const counts = Effect.forEach([count, count + 10, count + 20], (count) => link.send(Count, { count }))
        yield* Effect.forkChild(counts, { startImmediately: true })
      }
      for (let writes = 3; writes <= 6; writes++) {
        pipe.drain(true)
        assert.strictEqual(pipe.writes.length, writes)
      }
      assert.deepStrictEqual(
        pipe.writes.map((text) => text.trim()),
        [1, 2, 11, 12, 21, 22].map((count) => `{"count":${count}}`)
      )
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

  it.effect("gives up on a slow peer after the time it was given, and forgets that it waited", () =>
    Effect.gen(function*() {
      const ways = [
        (link: Link.Link) => link.send(Count, { count: 1 }, "4 seconds"),
        (link: Link.Link) => link.sendAll(Count, [{ count: 1 }, { count: 2 }], "4 seconds"),
        (link: Link.Link) => link.sendEncoded(new Uint8Array(1), "4 seconds")
      ]
      for (const send of ways) {
        const { link, pipe } = yield* open
        pipe.congested = true
        const error = yield* lateAfter4Seconds(send(link))
        assert.strictEqual(error.message, "The peer sent no sign of reading within 4s.")
        const { asked } = pipe
        pipe.drain()
        assert.strictEqual(pipe.asked, asked)
      }
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
