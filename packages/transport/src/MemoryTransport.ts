/**
 * The transport of one host of a `MemoryNetwork`. A program with this layer runs as if on that host.
 *
 * Connections behave as on Linux: the same errno codes, half-close, RST after a close with unread bytes, a bounded send
 * buffer and receive window, and a dial that gives up after 127 seconds without an answer. `noDelay` has no effect.
 */
import { Effect, Layer } from "effect"
import { MemoryNetwork } from "./MemoryNetwork.ts"
import { Transport } from "./Transport.ts"

/**
 * The transport of the host with one or several IP addresses. It dials from its address in the destination's subnet, else from
 * its first of the family. The first transport of a host creates it. Dies when an address is malformed or belongs to another host.
 */
export const make = (host: string | ReadonlyArray<string>): Effect.Effect<Transport["Service"], never, MemoryNetwork> =>
  Effect.map(MemoryNetwork, (network) => network.transport(host))

/** The transport as a layer. Building it dies as `make` does. */
export const layer = (host: string | ReadonlyArray<string>): Layer.Layer<Transport, never, MemoryNetwork> =>
  Layer.effect(Transport, make(host))
