/** What a peer has for all its connections. */
import type { HandshakeLimit, PeerAddress, Transport } from "@peerage/transport"
import type { Events } from "@peerage/wire"
import type { Effect, FiberSet } from "effect"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import type { Offer, PeerPyEvent } from "../PeerPyEvent.ts"
import type { Connections } from "./Connections.ts"

export interface PeerContext {
  readonly self: PeerAddress.PeerAddress
  readonly transport: Transport.Transport["Service"]
  readonly config: PeerPyConfig
  readonly events: Events.Events<PeerPyEvent>
  readonly connections: Connections
  readonly handshakes: HandshakeLimit.HandshakeLimit
  /** Connections that are over here and wait until they are reset. They outlive the peer. */
  readonly closing: FiberSet.FiberSet<void>
  /** Whether large payloads to originals go in chunks with pauses. */
  readonly paced: boolean
  /** Whether this peer wants a connection. */
  readonly offer: (offer: Offer) => Effect.Effect<boolean>
}
