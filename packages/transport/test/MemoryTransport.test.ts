/** `MemoryTransport`: two hosts of a simulated network without latency, under `TestClock`. */
import { it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"
import { conformance } from "./conformance/conformance.ts"
import type { Place, World } from "./conformance/World.ts"

/** Gives the network's driver fiber and everybody it wakes their turns, however slow the machine. */
const settle = Effect.repeat(Effect.yieldNow, { times: 200 })

const world = Effect.gen(function*() {
  const network = yield* MemoryNetwork.make()
  const place = (v4: string, v6: string): Place => ({
    transport: network.transport([v4, v6]),
    v4: NetAddress.ipFromStringUnsafe(v4),
    v6: NetAddress.ipFromStringUnsafe(v6)
  })
  const simulated: World = {
    near: place("10.0.0.1", "fd00::1"),
    far: place("10.0.0.2", "fd00::2"),
    elapse: (duration) => Effect.andThen(settle, TestClock.adjust(duration)),
    settle,
    unanswering: Effect.succeed(NetAddress.inetAddressFromStringUnsafe("10.0.0.77:4702")),
    killFar: network.kill("10.0.0.2"),
    authenticated: false,
    broadcast: NetAddress.ipFromStringUnsafe("10.0.0.255")
  }
  return simulated
})

conformance("MemoryTransport", { it: it.effect, simulated: true, world })
