/**
 * The `Transport` of a real host: TCP over `node:net`, UDP over `@effect/platform-node`.
 *
 * It passes the same conformance suite as `MemoryTransport`, so a program that was tested in a simulated network
 * behaves the same here. `activeAt` and the idle limit use the `Clock` that this layer is built under.
 */
import * as NodeDatagramSocket from "@effect/platform-node/NodeDatagramSocket"
import { Clock, Effect, Layer } from "effect"
import type { DatagramSocket } from "effect/socket/DatagramSocket"
import * as NodeAddress from "./node/NodeAddress.ts"
import { dial } from "./node/NodeConnect.ts"
import { listen } from "./node/NodeListen.ts"
import * as NodeSource from "./node/NodeSource.ts"
import * as SendQueues from "./node/SendQueues.ts"
import type { DatagramOptions } from "./Options.ts"
import { Traffic } from "./Traffic.ts"
import * as Transport from "./Transport.ts"

const datagram = (options: DatagramOptions): Effect.Effect<DatagramSocket> =>
  NodeDatagramSocket.make({
    bind: options.bind,
    broadcast: options.broadcast === true,
    // SO_REUSEADDR: on Linux a broadcast reaches all sockets of the port, a unicast datagram only the newest.
    reuseAddress: options.shared === true,
    receiveBuffer: { capacity: options.capacity ?? 1024 }
  })

/** The service, for callers that build their own layer. */
export const make: Effect.Effect<Transport.Transport["Service"]> = Effect.gen(function*() {
  const services = yield* Effect.context<never>()
  const clock = yield* Clock.Clock
  const system = { clock, sendQueues: SendQueues.make(clock), traffic: yield* Traffic }
  const sources = NodeSource.make()
  return Transport.make({
    listen: (address, options, accept) => listen(address, options, accept, services, system),
    dial: (address, options, dialed) => dial(address, options, { services, sources, system }, dialed),
    route: NodeSource.route,
    addresses: NodeAddress.ofInterfaces,
    datagram
  })
})

/** TCP and UDP of this host. Building the layer opens no socket and cannot fail. */
export const layer: Layer.Layer<Transport.Transport> = Layer.effect(Transport.Transport, make)
