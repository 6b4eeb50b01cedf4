/** How many bytes real connections carry, told by one addition for each chunk. */
import { assert, it } from "@effect/vitest"
import type { Pipe } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Traffic } from "@peerage/transport/Traffic"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { port0 } from "../conformance/World.ts"

/** Waits until as many bytes have come. */
const receive = (pipe: Pipe.Pipe, bytes: number): Effect.Effect<void> =>
  Effect.callback((resume) => {
    let left = bytes
    const readable = () => {
      left -= (pipe.take() ?? []).reduce((sum, chunk) => sum + chunk.length, 0)
      if (left <= 0) resume(Effect.void)
    }
    pipe.observe({ readable, drained: () => {}, closed: () => {} })
  })

it.live("real connections count what they carry, where the counters are given, and no others do", () => {
  const [own, before] = [{ received: 0, sent: 0 }, { received: 0, sent: 0 }]
  return Effect.gen(function*() {
    Object.assign(before, yield* Traffic)
    const transport = yield* Effect.provideService(NodeTransport.make, Traffic, own)
    const listener = yield* transport.listen(port0(NetAddress.ipv4Loopback))
    const near = yield* transport.connect(listener.address)
    const far = yield* Queue.take(listener.accepted)
    near.write([new Uint8Array(7)])
    near.write([new Uint8Array(1), new Uint8Array(2)])
    yield* receive(far, 10)
    far.write([new Uint8Array(5)])
    yield* receive(near, 5)
    assert.deepStrictEqual(own, { received: 15, sent: 15 })
    assert.deepStrictEqual({ ...(yield* Traffic) }, before)
    near.close()
    far.close()
  }).pipe(Effect.scoped)
})
