/** What a peer has for all its connections, and what each connection has for its two halves. */
import type { PeerAddress, Places, Transport } from "@peerage/transport"
import type { Budget, ByteLink, Events, Slices } from "@peerage/wire"
import type { Effect, FiberSet, MutableRef } from "effect"
import type * as Data from "../exchange/Data.ts"
import type { MessageWriter } from "../exchange/MessageWriter.ts"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import type { Offer, PeerPyEvent } from "../PeerPyEvent.ts"
import type { Connections, Place } from "./Connections.ts"
import type { Naming } from "./Naming.ts"

/** What a peer has. */
export interface PeerContext {
  readonly naming: Naming
  readonly transport: Transport.Transport["Service"]
  readonly config: PeerPyConfig
  readonly events: Events.Events<PeerPyEvent>
  readonly connections: Connections
  readonly handshakes: Places.Places
  /** The memory for what is unfinished or unread. */
  readonly budget: Budget.Budget
  /** Reads large payloads, a slice of one in each turn of the event loop. */
  readonly slices: Slices.Run
  /** Connections that are over here and wait until they are reset. They outlive the peer. */
  readonly closing: FiberSet.FiberSet<void>
  /** Whether large payloads to originals go in chunks with pauses. */
  readonly paced: boolean
  /** Whether this peer wants a connection. */
  readonly offer: (offer: Offer) => Effect.Effect<boolean>
}

/** A connection that was just agreed on. */
export interface Agreed {
  readonly peer: PeerAddress.PeerAddress
  readonly initiated: boolean
  readonly place: Place
  readonly terms: Data.Terms
  /** The size of a stream's frames, where HELLO fixed it. */
  readonly frameSize?: number | undefined
}

/** What an established connection has. */
export interface SessionContext extends Pick<PeerContext, "config" | "events" | "slices">, Agreed {
  readonly link: ByteLink.ByteLink
  /** What it holds of the peer's memory. */
  readonly share: Budget.Share
  readonly writer: MessageWriter
  /** Changed by both halves, each time within one step. */
  readonly progress: MutableRef.MutableRef<Data.Progress>
}
