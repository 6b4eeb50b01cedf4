/** All that happens in a simulation follows from its seed. */
import { assert, it } from "@effect/vitest"
import { MemoryNetwork, Trace } from "@peerage/transport"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { elapse, trio } from "./Network.ts"

/** The traces of a network with a host and two members, whose ports are random. */
const traceOf = (seed: number) =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { ann, bob } = yield* trio()
    yield* elapse("10 seconds")
    return `${ann.self} ${bob.self}\n${Trace.format(yield* network.trace)}`
  }).pipe(Effect.scoped, Effect.provide(Layer.provideMerge(MemoryNetwork.layer({ seed }), TestClock.layer())))

it.live("the ports of all peers, and the whole trace, are the same for the same seed", () =>
  Effect.gen(function*() {
    const first = yield* traceOf(1)
    assert.include(first, "10.0.0.2")
    assert.isTrue(first === (yield* traceOf(1)))
    assert.isFalse(first === (yield* traceOf(2)))
  }))
