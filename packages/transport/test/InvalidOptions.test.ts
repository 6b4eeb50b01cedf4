/** Options that would turn a limit off, or that no network has. */
import { assert, describe, it } from "@effect/vitest"
import { Misuse } from "@peerage/testing"
import { HandshakeLimit, MemoryNetwork } from "@peerage/transport"
import { Effect, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const address = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:1")
const bytes = new Uint8Array(1)

const misused = Effect.map(MemoryNetwork.MemoryNetwork, (network) => {
  const { connect, datagram, dial, listen, request } = network.transport("10.0.0.1")
  return [
    ["maxConnections of a listener is NaN", listen(address, { maxConnections: NaN })],
    ["maxConnections of a listener is Infinity", listen(address, { maxConnections: Infinity })],
    ["maxPerAddress of a listener is 0", listen(address, { maxPerAddress: 0 })],
    ["backlog of a listener is -1", listen(address, { backlog: -1 })],
    ["idleLimit of a listener is NaN", listen(address, { idleLimit: NaN })],
    ["keepAlive of a listener is -1", listen(address, { keepAlive: -1 })],
    ["connectTimeout of a dial is Infinity", connect(address, { connectTimeout: Infinity })],
    ["connectTimeout of a dial is -1", dial(address, { connectTimeout: -1 }).reader],
    ["from.port of a dial is 65536", connect(address, { from: { port: 65_536 } })],
    ["answerWithin of a request is NaN", request(address, bytes, { answerWithin: NaN })],
    ["answerLimit of a request is -1", request(address, bytes, { answerLimit: -1 })],
    ["keepAlive of a dial is NaN", request(address, bytes, { keepAlive: NaN })],
    ["capacity of a datagram socket is 0", datagram({ bind: address, capacity: 0 })],
    ["maxHandshakes of HandshakeLimit.make is NaN", limit(NaN, 1)],
    ["maxHandshakesPerAddress of HandshakeLimit.make is -1", limit(1, -1)]
  ] as const
})

const limit = (maxHandshakes: number, maxHandshakesPerAddress: number) =>
  Effect.sync(() => HandshakeLimit.make({ maxHandshakes, maxHandshakesPerAddress }))

describe("an option that cannot be", () => {
  it.effect("is named by the defect that it is", () =>
    Effect.gen(function*() {
      for (const [says, effect] of yield* misused) {
        const sentence = yield* Misuse.sentence<unknown, unknown, Scope.Scope>(effect).pipe(Effect.scoped)
        assert.include(sentence, `The option ${says}. Give `)
      }
    }).pipe(Effect.scoped, Effect.provide(MemoryNetwork.layer())))
})
