import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { settle } from "./Waiting.ts"

const Word = Schema.String.annotate({ identifier: "Word" })

const open = (coalesce: boolean | { readonly maxBytes: number } = true) =>
  Effect.gen(function*() {
    const pipe = new ScriptedPipe()
    const link = yield* Link.make(pipe, { format, coalesce })
    return { link, pipe }
  })

describe("a link that coalesces", () => {
  it.effect("writes what is sent in one turn of the event loop in one write", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open()
      yield* link.send(Word, "a")
      yield* link.send(Word, "b")
      yield* link.sendAll(Word, ["c", "d"])
      assert.deepStrictEqual(pipe.writes, [])
      yield* Effect.yieldNow
      assert.deepStrictEqual(pipe.writes, ["\"a\"\n\"b\"\n\"c\"\n\"d\"\n"])
      yield* link.send(Word, "e")
      yield* Effect.yieldNow
      assert.deepStrictEqual(pipe.writes.slice(1), ["\"e\"\n"])
    }))

  it.effect("gathers what several fibers send", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open()
      yield* Effect.forEach(["a", "b"], (word) => link.send(Word, word), { concurrency: "unbounded" })
      yield* settle
      assert.deepStrictEqual(pipe.writes, ["\"a\"\n\"b\"\n"])
    }))

  it.effect("writes at once what reaches the bound", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open({ maxBytes: 8 })
      yield* link.send(Word, "a")
      yield* link.send(Word, "b")
      assert.deepStrictEqual(pipe.writes, ["\"a\"\n\"b\"\n"])
      yield* settle
      assert.strictEqual(pipe.writes.length, 1)
    }))

  it.effect("writes at once when told to flush", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open()
      yield* link.send(Word, "a")
      yield* link.flush
      assert.deepStrictEqual(pipe.writes, ["\"a\"\n"])
    }))

  it.effect("waits for a slow peer when told to flush", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open()
      pipe.congested = true
      yield* link.send(Word, "a")
      const flushing = yield* Effect.forkChild(link.flush)
      yield* settle
      assert.isUndefined(flushing.pollUnsafe())
      pipe.drain()
      yield* Fiber.join(flushing)
    }))

  it.effect("holds senders back at the bound while the peer is slow", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open({ maxBytes: 8 })
      pipe.congested = true
      const sending = yield* Effect.forkChild(
        Effect.forEach(["a", "b", "c", "d", "e"], (word) => link.send(Word, word), { discard: true })
      )
      yield* settle
      assert.strictEqual(sending.pollUnsafe(), undefined)
      assert.deepStrictEqual(pipe.writes, ["\"a\"\n\"b\"\n"])
      pipe.drain()
      yield* Fiber.join(sending)
      yield* link.flush
      assert.strictEqual(pipe.writes.join(""), "\"a\"\n\"b\"\n\"c\"\n\"d\"\n\"e\"\n")
    }))

  it.effect("writes what an interrupted sender had sent already", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open({ maxBytes: 8 })
      pipe.congested = true
      const first = yield* Effect.forkChild(link.sendAll(Word, ["a", "b"]))
      yield* settle
      const second = yield* Effect.forkChild(link.sendAll(Word, ["c", "d"]))
      yield* settle
      yield* Fiber.interrupt(second)
      pipe.drain()
      yield* Fiber.join(first)
      yield* settle
      assert.deepStrictEqual(pipe.writes, ["\"a\"\n\"b\"\n", "\"c\"\n\"d\"\n"])
    }))

  it.effect("reports a failure to write to later sends and to flush", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open()
      yield* link.send(Word, "a")
      pipe.breakWrites()
      yield* settle
      assert.strictEqual((yield* Effect.flip(link.send(Word, "b")))._tag, "SocketError")
      assert.strictEqual((yield* Effect.flip(link.flush))._tag, "SocketError")
    }))

  it.effect("writes what it holds when its scope is left", () =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      yield* Effect.scoped(
        Effect.flatMap(Link.make(pipe, { format, coalesce: true }), (link) => link.send(Word, "last"))
      )
      assert.deepStrictEqual(pipe.writes, ["\"last\"\n"])
      assert.isTrue(pipe.freed)
    }))

  it.effect("does not wait for a slow peer when its scope is left", () =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      pipe.congested = true
      yield* Effect.scoped(Effect.gen(function*() {
        const link = yield* Link.make(pipe, { format, coalesce: { maxBytes: 8 } })
        yield* Effect.forkChild(link.sendAll(Word, ["a", "b"]))
        yield* settle
        yield* link.send(Word, "last")
      }))
      assert.deepStrictEqual(pipe.writes, ["\"a\"\n\"b\"\n", "\"last\"\n"])
      assert.isTrue(pipe.freed)
    }))
})

describe.each([{ coalesce: false }, { coalesce: true }])(
  "a link whose scope was left (coalesce: $coalesce)",
  (options) => {
    it.effect("fails to send and to receive, instead of waiting", () =>
      Effect.gen(function*() {
        const pipe = new ScriptedPipe()
        const link = yield* Effect.scoped(Link.make(pipe, { format, ...options }))
        const errors = [link.send(Word, "late"), link.sendEncoded(new Uint8Array(1)), link.flush, link.receive(Word)]
        for (const error of errors) assert.strictEqual((yield* Effect.flip(error))._tag, "SocketError")
        assert.deepStrictEqual(pipe.writes, [])
      }))
  }
)
