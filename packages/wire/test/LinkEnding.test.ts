import { assert, describe } from "@effect/vitest"
import { SocketFailure } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { Count, linked } from "./Testers.ts"
import { waiting } from "./Waiting.ts"

describe("the end of a connection", () => {
  linked("comes after every message before it, and then for ever", function*({ link, pipe }) {
    pipe.feed("{\"count\":1}\n")
    pipe.fin()
    assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
    assert.strictEqual((yield* Effect.flip(link.receive(Count)))._tag, "PeerClosed")
    assert.strictEqual((yield* Effect.flip(link.receive(Count, "1 second")))._tag, "PeerClosed")
    assert.strictEqual((yield* Effect.flip(link.receiveAll(Count)))._tag, "PeerClosed")
    assert.strictEqual((yield* Effect.flip(link.receiveFrame()))._tag, "PeerClosed")
  })

  linked("inside a message is a truncated frame", function*({ link, pipe }) {
    pipe.feed("{\"cou")
    pipe.fin()
    const error = yield* Effect.flip(link.receive(Count))
    assert.deepInclude(error, { _tag: "FrameTruncated", pending: 5 })
    assert.strictEqual(yield* Effect.flip(link.receive(Count)), error)
  })

  linked("by a reset keeps its errno", function*({ link, pipe }) {
    pipe.fin(SocketFailure.readFailed(SocketFailure.systemError("ECONNRESET", "read")))
    const error = yield* Effect.flip(link.receive(Count))
    if (error._tag !== "SocketError") return assert.fail(error._tag)
    assert.strictEqual(SocketFailure.errno(error), "ECONNRESET")
  })

  linked("by bytes that are no frame comes after the frames before them", function*({ link, pipe }) {
    pipe.feed(`{"count":1}\n${"x".repeat(101)}`, "\n{\"count\":9}\n")
    assert.deepStrictEqual(yield* link.receive(Count), { count: 1 })
    assert.deepInclude(yield* Effect.flip(link.receive(Count)), { _tag: "FrameTooLarge", limit: 100, size: 101 })
    pipe.feed("\n{\"count\":2}\n")
    pipe.fin()
    assert.strictEqual((yield* Effect.flip(link.receive(Count)))._tag, "FrameTooLarge")
  })

  linked("by bytes that are no frame counts, also when FIN came with them", function*({ link, pipe }) {
    pipe.feed("x".repeat(101))
    pipe.fin()
    assert.strictEqual((yield* Effect.flip(link.receive(Count)))._tag, "FrameTooLarge")
  })

  linked("comes with a limit of the link's own where it has one", function*({ link, pipe }) {
    pipe.feed("{\"count\":1}\n")
    assert.deepInclude(yield* Effect.flip(link.receive(Count)), { _tag: "FrameTooLarge", limit: 10 })
  }, { limit: 10 })

  linked("wakes all that wait when the socket is freed", function*({ link, pipe }) {
    pipe.congested = true
    const receiving = yield* waiting(Effect.flip(link.receive(Count)))
    const sending = yield* waiting(Effect.flip(link.send(Count, { count: 1 })))
    pipe.vanish()
    assert.strictEqual((yield* Fiber.join(receiving))._tag, "SocketError")
    assert.strictEqual((yield* Fiber.join(sending))._tag, "SocketError")
  })

  linked("wakes a receiver that waits", function*({ link, pipe }) {
    const receiving = yield* waiting(Effect.flip(link.receive(Count)))
    pipe.fin()
    assert.strictEqual((yield* Fiber.join(receiving))._tag, "PeerClosed")
  })
})
