/** Somebody who has shaken hands, and what waits to be said to it. */
import type { Sent } from "../ChatEvent.ts"
import type { Acquaintance } from "../exchange/Handshake.ts"
import { type Limits, Outbox } from "./Outbox.ts"

/** What a neighbour is to this peer: it joined through this one, or this one joined through it. */
export type Role = "Joiner" | "Server"

/** Somebody who is about to be a neighbour. `host` is its address, to which what it sends is put down. */
export interface Newcomer extends Acquaintance {
  readonly role: Role
  readonly host: string
}

/** A neighbour. */
export interface Neighbour extends Newcomer {
  readonly outbox: Outbox
  /** What becomes of a message of the peer's own that goes its way. */
  readonly delivered: Sent
}

/** A neighbour to whom nothing is to be said yet. */
export const make = (newcomer: Newcomer, limits: Limits): Neighbour => ({
  ...newcomer,
  outbox: new Outbox(limits),
  delivered: { _tag: "Delivered", nextHop: newcomer.id }
})
