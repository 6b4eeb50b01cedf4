import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as BanCheck from "../../src/exchange/BanCheck.ts"
import { failsAfter, settle, simulated, toHost, toJoiner } from "./Pair.ts"

const step = "4 seconds"

describe("a joiner that asks whether it is banned", () => {
  it.effect("goes on where it is not, and has said nothing yet", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      host.write(`{"banned": false}`)
      yield* BanCheck.initiate(link, step)
      assert.strictEqual(host.text, "")
    }).pipe(simulated))

  it.effect("stops where it is", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      host.write(`{"banned": true}`)
      assert.strictEqual((yield* Effect.flip(BanCheck.initiate(link, step)))._tag, "Banned")
    }).pipe(simulated))

  it.effect("gives up on a silent host after exactly 4 seconds", () =>
    Effect.gen(function*() {
      const { link } = yield* toHost
      const reason = yield* failsAfter(BanCheck.initiate(link, step), 4000)
      assert.strictEqual(reason._tag, "PeerUnresponsive")
      assert.include(reason.message, "BanStatus")
    }).pipe(simulated))

  it.effect.each(
    [1, 2, 3, 8, 9].map((cut) => ({ cut, head: "notbanned".slice(0, cut), tail: "notbanned".slice(cut) }))
  )(
    "knows a host of release 0.0.3 by its greeting, cut after byte $cut",
    ({ head, tail }) =>
      Effect.gen(function*() {
        const { host, link } = yield* toHost
        const asking = yield* Effect.forkChild(Effect.flip(BanCheck.initiate(link, step)))
        host.write(head)
        yield* settle
        if (tail !== "") host.write(tail)
        const reason = yield* Fiber.join(asking)
        assert.strictEqual(reason._tag, "IncompatiblePeer")
        assert.include(reason.message, "0.0.3")
      }).pipe(simulated)
  )

  it.effect.each([
    { said: "HTTP/1.1 400 Bad Request\r\n", reason: "MalformedFrame" },
    { said: "none", reason: "MalformedFrame" },
    { said: "\u0000\u0001\u0002", reason: "MalformedFrame" },
    { said: "[false]", reason: "MalformedFrame" },
    { said: `{"banned": fals}`, reason: "MalformedMessage" },
    { said: `{"banned": "no"}`, reason: "UnexpectedMessage" },
    { said: `{"authenticated": true}`, reason: "UnexpectedMessage" }
  ])("refuses to understand $said", ({ reason, said }) =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      host.write(said)
      assert.strictEqual((yield* Effect.flip(BanCheck.initiate(link, step)))._tag, reason)
    }).pipe(simulated))

  it.effect.each([{ said: "", reason: "PeerClosed" }, { said: `{"banned"`, reason: "FrameTruncated" }])(
    "says $reason when the host ends after '$said'",
    ({ reason, said }) =>
      Effect.gen(function*() {
        const { host, link } = yield* toHost
        host.write(said)
        host.pipe.end()
        assert.strictEqual((yield* Effect.flip(BanCheck.initiate(link, step)))._tag, reason)
      }).pipe(simulated)
  )

  it.effect("says SocketError when the host resets", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      host.pipe.reset()
      assert.strictEqual((yield* Effect.flip(BanCheck.initiate(link, step)))._tag, "SocketError")
    }).pipe(simulated))
})

describe("a host that is asked whether a joiner is banned", () => {
  it.effect("lets it go on, in one segment of the original's very bytes", () =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner()
      yield* BanCheck.respond(link, false)
      yield* settle
      assert.deepStrictEqual(joiner.texts, [`{"banned": false}`])
    }).pipe(simulated))

  it.effect("tells a banned one so, and fails, so that its connection is closed", () =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner()
      assert.strictEqual((yield* Effect.flip(BanCheck.respond(link, true)))._tag, "Banned")
      yield* settle
      assert.deepStrictEqual(joiner.texts, [`{"banned": true}`])
    }).pipe(simulated))
})
