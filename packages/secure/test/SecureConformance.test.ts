/** The suite that every transport passes, over both backings, with a key of its own for each host. */
import { it } from "@effect/vitest"
import { Crypto, Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { MemoryNetwork, Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Redacted } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"
import * as Os from "node:os"
import { conformance } from "../../transport/test/conformance/conformance.ts"
import type { Place, World } from "../../transport/test/conformance/World.ts"
import { unanswering } from "../../transport/test/node/Unanswering.ts"

const ipv6 = Object.values(Os.networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1")
)

/** One clause dials from the listener's own host, so a key meets itself. */
const secured = Effect.fnUntraced(function*(transport: Transport.Transport["Service"]) {
  const identity = yield* Identity.generate
  const { transport: secure } = yield* SecureTransport.make({
    identity,
    passphrase: Redacted.make("sesame"),
    allowOwnKey: true,
    datagrams: "plain"
  }).pipe(Effect.provideService(Transport.Transport, transport))
  return secure
}, Effect.provideService(Crypto.Crypto, NodeCrypto.primitives))

const nodeWorld = Effect.gen(function*() {
  const transport = yield* NodeTransport.make
  const place = (host: string) =>
    Effect.map(secured(transport), (transport): Place => ({
      transport,
      v4: NetAddress.ipFromStringUnsafe(host),
      v6: ipv6 ? NetAddress.ipv6Loopback : undefined
    }))
  const world: World = {
    near: yield* place("127.0.0.1"),
    far: yield* place("127.0.0.2"),
    elapse: () => Effect.void,
    settle: Effect.repeat(Effect.sleep("7 millis"), { times: 2 }),
    unanswering,
    killFar: undefined,
    authenticated: true,
    broadcast: NetAddress.ipFromStringUnsafe("127.255.255.255")
  }
  return world
})

conformance("SecureTransport over NodeTransport", { it: it.live, simulated: false, world: nodeWorld })

const settle = Effect.repeat(Effect.yieldNow, { times: 200 })

const memoryWorld = Effect.gen(function*() {
  const network = yield* MemoryNetwork.make()
  const place = (v4: string, v6: string) =>
    Effect.map(secured(network.transport([v4, v6])), (transport): Place => ({
      transport,
      v4: NetAddress.ipFromStringUnsafe(v4),
      v6: NetAddress.ipFromStringUnsafe(v6)
    }))
  const world: World = {
    near: yield* place("10.0.0.1", "fd00::1"),
    far: yield* place("10.0.0.2", "fd00::2"),
    elapse: (duration) => Effect.andThen(settle, TestClock.adjust(duration)),
    settle,
    unanswering: Effect.succeed(NetAddress.inetAddressFromStringUnsafe("10.0.0.77:4702")),
    killFar: network.kill("10.0.0.2"),
    authenticated: true,
    broadcast: NetAddress.ipFromStringUnsafe("10.0.0.255")
  }
  return world
})

conformance("SecureTransport over MemoryTransport", { it: it.effect, simulated: true, world: memoryWorld })
