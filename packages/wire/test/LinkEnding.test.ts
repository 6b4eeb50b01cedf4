import { assert, describe, it } from "@effect/vitest"
import { SocketFailure } from "@peerage/transport"
import { Effect, Fiber, Schema } from "effect"
import { Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { settle } from "./Waiting.ts"

const Count = Schema.Struct({ count: Schema.Int }).annotate({ identifier: "Count" })

const open = Effect.gen(function*() {
  const pipe = new ScriptedPipe()
  const link = yield* Link.make(pipe, { format })
  return { link, pipe }
})

describe("the end of a connection", () => {
  it.effect("comes after every message before it, and then for ever", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.feed("{\"count\":1}\n")
      pipe.fin()
      assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
      assert.strictEqual((yield* Effect.flip(link.receive(Count)))._tag, "PeerClosed")
      assert.strictEqual((yield* Effect.flip(link.receive(Count, "1 second")))._tag, "PeerClosed")
      assert.strictEqual((yield* Effect.flip(link.receiveAll(Count)))._tag, "PeerClosed")
      assert.strictEqual((yield* Effect.flip(link.receiveFrame()))._tag, "PeerClosed")
    }))

  it.effect("inside a message is a truncated frame", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.feed("{\"cou")
      pipe.fin()
      const error = yield* Effect.flip(link.receive(Count))
      assert.deepInclude(error, { _tag: "FrameTruncated", pending: 5 })
      assert.strictEqual(yield* Effect.flip(link.receive(Count)), error)
    }))

  it.effect("by a reset keeps its errno", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.fin(SocketFailure.readFailed(SocketFailure.systemError("ECONNRESET", "read")))
      const error = yield* Effect.flip(link.receive(Count))
      if (error._tag !== "SocketError") return assert.fail(error._tag)
      assert.strictEqual(SocketFailure.errno(error), "ECONNRESET")
    }))

  it.effect("by bytes that are no frame comes after the frames before them", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.feed(`{"count":1}\n${"x".repeat(101)}`, "\n{\"count\":9}\n")
      assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
      assert.deepInclude(yield* Effect.flip(link.receive(Count)), { _tag: "FrameTooLarge", limit: 100, size: 101 })
      pipe.feed("\n{\"count\":2}\n")
      pipe.fin()
      assert.strictEqual((yield* Effect.flip(link.receive(Count)))._tag, "FrameTooLarge")
    }))

  it.effect("by bytes that are no frame counts, also when FIN came with them", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.feed("x".repeat(101))
      pipe.fin()
      assert.strictEqual((yield* Effect.flip(link.receive(Count)))._tag, "FrameTooLarge")
    }))

  it.effect("comes with a limit of the link's own where it has one", () =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      const link = yield* Link.make(pipe, { format, limit: 10 })
      pipe.feed("{\"count\":1}\n")
      assert.deepInclude(yield* Effect.flip(link.receive(Count)), { _tag: "FrameTooLarge", limit: 10 })
    }))

  it.effect("wakes all that wait when the socket is freed", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.congested = true
      const waiting = yield* Effect.forkChild(
        Effect.all([Effect.flip(link.receive(Count)), Effect.flip(link.send(Count, { count: 1 }))], {
          concurrency: "unbounded"
        })
      )
      yield* settle
      pipe.vanish()
      assert.deepStrictEqual((yield* Fiber.join(waiting)).map(({ _tag }) => _tag), ["SocketError", "SocketError"])
    }))

  it.effect("wakes a receiver that waits", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      const receiving = yield* Effect.forkChild(Effect.flip(link.receive(Count)))
      yield* settle
      pipe.fin()
      assert.strictEqual((yield* Fiber.join(receiving))._tag, "PeerClosed")
    }))
})
