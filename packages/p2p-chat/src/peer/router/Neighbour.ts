/** A connected peer, and what is to be sent to it. */
import type { Latch } from "effect"
import type { PeerInfo } from "../../exchange/Handshake.ts"
import * as SendQueue from "./SendQueue.ts"

/** What a neighbour is to this peer: it joined this one, or this one joined it at an address. */
export type Role = { readonly _tag: "Joiner" } | { readonly _tag: "Server"; readonly address: string }

/** A connected peer. */
export interface Connected extends PeerInfo {
  readonly role: Role
  /** The address of its machine, the origin of the messages that it sends. */
  readonly host: string
  /** Opened when there is something to send to it. The fiber that sends closes it before it takes that. */
  readonly filled: Latch.Latch
}

/** A neighbour. */
export interface Neighbour extends Connected {
  readonly queue: SendQueue.SendQueue
  /** For fibers that wait for room in the queue. Each is opened once. */
  readonly blocked: ReadonlyArray<Latch.Latch>
}

/** A neighbour that nothing is to be sent to yet. */
export const make = (peer: Connected): Neighbour => ({ ...peer, queue: SendQueue.empty, blocked: [] })
