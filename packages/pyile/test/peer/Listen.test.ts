import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, MemoryTransport, SocketFailure } from "@peerage/transport"
import { Effect, Random } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Listen from "../../src/peer/Listen.ts"

const ip = NetAddress.ipFromStringUnsafe("10.0.0.1")

/** The ports of so many listeners, all open at once. */
const ports = (count: number, fixed?: number) =>
  Effect.gen(function*() {
    const transport = yield* MemoryTransport.make("10.0.0.1")
    const opened: Array<number> = []
    for (let index = 0; index < count; index++) {
      opened.push((yield* Listen.onPrivatePort(transport, ip, fixed, {})).address.port)
    }
    return opened
  }).pipe(Effect.scoped, Effect.provide(MemoryNetwork.layer()))

describe("a peer that listens", () => {
  it.effect("draws ports from the private range, each its own", () =>
    Effect.gen(function*() {
      const opened = yield* ports(2000)
      assert.strictEqual(new Set(opened).size, 2000)
      assert.isTrue(opened.every((port) => port >= 49_152 && port <= 65_535))
    }))

  it.effect("draws again when the port is taken", () =>
    Effect.gen(function*() {
      // The same seed draws the same ports, the first of which are taken the second time.
      const transport = yield* MemoryTransport.make("10.0.0.1")
      const draw = Listen.onPrivatePort(transport, ip, undefined, {}).pipe(Random.withSeed("ports"))
      const first = yield* draw
      const second = yield* draw
      assert.notStrictEqual(second.address.port, first.address.port)
    }).pipe(Effect.provide(MemoryNetwork.layer())))

  it.effect("takes a fixed port or none", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* ports(1, 50_000), [50_000])
      assert.strictEqual((yield* Effect.flip(ports(2, 50_000))).code, "EADDRINUSE")
    }))

  it.effect("blames the address, not the port nobody asked for, when the address is not its own", () =>
    Effect.gen(function*() {
      const transport = yield* MemoryTransport.make("10.0.0.1")
      const foreign = NetAddress.ipFromStringUnsafe("10.0.0.9")
      const error = yield* Effect.flip(Listen.onPrivatePort(transport, foreign, undefined, {}))
      assert.deepInclude(error, { address: "10.0.0.9", code: "EADDRNOTAVAIL" })
    }).pipe(Effect.provide(MemoryNetwork.layer())))

  it.effect.each(
    [
      { code: "EACCES", tries: 2 },
      { code: "EADDRNOTAVAIL", tries: 1 }
    ] as const
  )("that meets $code draws $tries times", ({ code, tries }) =>
    Effect.gen(function*() {
      const transport = yield* MemoryTransport.make("10.0.0.1")
      let drawn = 0
      const failing: typeof transport = {
        ...transport,
        listen: (address, options) =>
          drawn++ === 0
            ? Effect.fail(SocketFailure.listenFailed(SocketFailure.systemError(code, "no")))
            : transport.listen(address, options)
      }
      const listener = yield* Effect.result(Listen.onPrivatePort(failing, ip, undefined, {}))
      assert.deepStrictEqual([drawn, listener._tag], [tries, tries === 1 ? "Failure" : "Success"])
    }).pipe(Effect.provide(MemoryNetwork.layer())))
})
