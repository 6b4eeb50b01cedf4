import { assert, describe, it } from "@effect/vitest"
import { HandshakeLimit } from "@peerage/transport"
import { Deferred, Effect, Fiber } from "effect"

const limits = { maxHandshakes: 3, maxHandshakesPerAddress: 2 }

/** Handshakes that end when told to. */
const handshakes = Effect.sync(() => {
  const limit = HandshakeLimit.make(limits)
  const begin = Effect.fnUntraced(function*(host: string) {
    const done = yield* Deferred.make<string, string>()
    const fiber = yield* Effect.forkChild(limit.withPermit(host, Deferred.await(done)), { startImmediately: true })
    return { done, fiber }
  })
  return { begin, refused: (host: string) => Effect.flip(limit.withPermit(host, Effect.void)), limit }
})

describe("a limit of handshakes", () => {
  it.effect("bounds those of one address and those of all", () =>
    Effect.gen(function*() {
      const { begin, refused } = yield* handshakes
      yield* begin("10.0.0.2")
      yield* begin("10.0.0.2")
      assert.deepInclude(yield* refused("10.0.0.2"), { of: "joiners from 10.0.0.2", limit: 2 })
      yield* begin("10.0.0.3")
      assert.deepInclude(yield* refused("10.0.0.4"), { _tag: "TooMany", of: "joiners", limit: 3 })
    }))

  it.effect.each(
    [
      ["succeeds", (done: Deferred.Deferred<string, string>) => Deferred.succeed(done, "in")],
      ["fails", (done: Deferred.Deferred<string, string>) => Deferred.fail(done, "out")]
    ] as const
  )("has room again once a handshake %s", ([, end]) =>
    Effect.gen(function*() {
      const { begin, limit, refused } = yield* handshakes
      const first = yield* begin("10.0.0.2")
      yield* begin("10.0.0.2")
      yield* end(first.done)
      yield* Fiber.await(first.fiber)
      assert.strictEqual(yield* limit.withPermit("10.0.0.2", Effect.succeed("in")), "in")
      yield* begin("10.0.0.2")
      assert.strictEqual((yield* refused("10.0.0.2"))._tag, "TooMany")
    }))

  it.effect("has room again once a handshake is interrupted", () =>
    Effect.gen(function*() {
      const { begin, limit } = yield* handshakes
      const first = yield* begin("10.0.0.2")
      yield* begin("10.0.0.2")
      yield* begin("10.0.0.3")
      yield* Fiber.interrupt(first.fiber)
      assert.strictEqual(yield* limit.withPermit("10.0.0.2", Effect.succeed("in")), "in")
    }))
})
