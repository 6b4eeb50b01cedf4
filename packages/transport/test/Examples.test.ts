/** The README's programs, run. */
import { assert, describe, it } from "@effect/vitest"
import { SocketFailure } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Fiber } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"
import { echo, greet } from "../examples/echo.ts"
import { splitBrain } from "../examples/split-brain.ts"
import { Transport } from "../src/Transport.ts"

/** A port of loopback that nobody listens on now. */
const freeAddress = Effect.scoped(Effect.gen(function*() {
  const transport = yield* Transport
  return (yield* transport.listen(NetAddress.inetAddressFromStringUnsafe("127.0.0.1:0"))).address
}))

describe("the README", () => {
  it.live("shows an echo that answers over real sockets", () =>
    Effect.gen(function*() {
      const address = yield* freeAddress
      yield* Effect.forkChild(echo(address))
      assert.match(yield* Effect.eventually(greet(address)), /^hello from 127\.0\.0\.1:/)
    }).pipe(Effect.provide(NodeTransport.layer)))

  it.effect("shows a split brain that is noticed in virtual time", () =>
    Effect.gen(function*() {
      const watching = yield* Effect.forkChild(Effect.delay(splitBrain, "1 millis"))
      yield* TestClock.adjust("1 minute")
      const { chart, error } = yield* Fiber.join(watching)
      assert.strictEqual(SocketFailure.errno(error), "ETIMEDOUT")
      assert.include(chart, "SYN")
    }))
})
