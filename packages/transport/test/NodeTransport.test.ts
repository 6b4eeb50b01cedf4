/** `NodeTransport` over real loopback sockets. */
import { it } from "@effect/vitest"
import { Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Os from "node:os"
import { conformance } from "./conformance/conformance.ts"
import type { Place, World } from "./conformance/World.ts"
import { unanswering } from "./node/Unanswering.ts"

const ipv6 = Object.values(Os.networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1")
)

/** Three sleeps are at least two looks at the sockets in between, however slow the machine. */
const settle = Effect.repeat(Effect.sleep("7 millis"), { times: 2 })

const place = (transport: Transport.Transport["Service"], host: string): Place => ({
  transport,
  v4: NetAddress.ipFromStringUnsafe(host),
  v6: ipv6 ? NetAddress.ipv6Loopback : undefined
})

const world: Effect.Effect<World> = Effect.gen(function*() {
  const transport = yield* Transport.Transport
  return {
    near: place(transport, "127.0.0.1"),
    far: place(transport, "127.0.0.2"),
    elapse: () => Effect.void,
    settle,
    unanswering,
    killFar: undefined,
    authenticated: false,
    broadcast: NetAddress.ipFromStringUnsafe("127.255.255.255")
  }
}).pipe(Effect.provide(NodeTransport.layer))

conformance("NodeTransport", { it: it.live, simulated: false, world })
