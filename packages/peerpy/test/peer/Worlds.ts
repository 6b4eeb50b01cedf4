/** The two networks that scenarios play in. */
import { it } from "@effect/vitest"
import { MemoryNetwork, Simulation, Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Test, World } from "./World.ts"

// Virtual time that a scenario may take.
const steps = 20_000

/** Lets time pass in steps as long as somebody waits. */
const passing = <A, E, R>(scenario: Effect.Effect<A, E, R>) =>
  Effect.raceFirst(
    scenario,
    Effect.andThen(
      Effect.repeat(Simulation.elapse("10 millis"), { times: steps }),
      Effect.die(new Error("the scenario comes to no end"))
    )
  )

/** Peers on a machine each of a simulated network. */
export const simulated: Test = (title, body) => {
  it.effect(title, () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      let machines = 0
      const place: World["place"] = Effect.sync(() => {
        const ip = `10.0.0.${++machines}`
        return { transport: network.transport(ip), listen: `${ip}:20000`, discoveryPort: 1024 }
      })
      yield* passing(Effect.gen(() => body({ place })))
    }).pipe(Effect.provide(MemoryNetwork.layer())))
}

/** A UDP port that nobody uses. */
const freePort = Effect.gen(function*() {
  const transport = yield* Transport.Transport
  const bind = NetAddress.inetAddressUnsafe(NetAddress.ipv4Unspecified, 0)
  const { address } = yield* (yield* transport.datagram({ bind })).reader
  return NetAddress.isInetAddress(address) ? address.port : 0
}).pipe(Effect.scoped, Effect.orDie)

/** This machine. */
export const loopbackWorld = Effect.gen(function*() {
  const transport = yield* Transport.Transport
  const discoveryPort = yield* freePort
  const world: World = { place: Effect.succeed({ transport, listen: "127.0.0.1:0", discoveryPort }) }
  return world
})

/** Peers on this machine, at a port each. */
export const onLoopback: Test = (title, body) => {
  it.live(
    title,
    () =>
      Effect.flatMap(loopbackWorld, (world) => Effect.gen(() => body(world))).pipe(Effect.provide(NodeTransport.layer)),
    30_000
  )
}
