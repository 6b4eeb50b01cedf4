/** The README's protocol, run. */
import { assert, it } from "@effect/vitest"
import { MemoryNetwork, MemoryTransport, Simulation } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { ask, serve } from "../examples/lines.ts"

it.effect("a protocol of JSON lines asks and answers", () =>
  Effect.gen(function*() {
    const address = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:7000")
    yield* Effect.forkChild(Effect.provide(serve(address), MemoryTransport.layer("10.0.0.1")))
    yield* Simulation.settle
    const answer = yield* Effect.provide(ask(address, "is this code run?"), MemoryTransport.layer("10.0.0.2"))
    assert.strictEqual(answer, "IS THIS CODE RUN?")
  }).pipe(Effect.provide(MemoryNetwork.layer())))
