/**
 * The transport of one host inside a `MemoryNetwork`: a program given it runs as if it ran on that host.
 *
 * Connections behave as Linux's: the same errno codes, half-close, RST after a close with unread bytes, a bounded send
 * buffer and receive window, an unanswered SYN that gives up after 127 s. `noDelay` and `backlog` make no difference.
 */
import { Effect, Layer } from "effect"
import { MemoryNetwork } from "./MemoryNetwork.ts"
import { Transport } from "./Transport.ts"

/**
 * The transport of the host with this IP address, or these: the first of a family is what it dials from. The host
 * starts to exist with its first transport. Dies when an address is not an IP address or belongs to another host.
 */
export const make = (host: string | ReadonlyArray<string>): Effect.Effect<Transport["Service"], never, MemoryNetwork> =>
  Effect.map(MemoryNetwork, (network) => network.transport(host))

/** `make` as a layer. */
export const layer = (host: string | ReadonlyArray<string>): Layer.Layer<Transport, never, MemoryNetwork> =>
  Layer.effect(Transport, make(host))
