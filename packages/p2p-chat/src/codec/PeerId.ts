/**
 * The id of a peer: a whole number of 64 bits, a branded `bigint` everywhere, because most ids are beyond 2^53. In JSON it
 * is a string (docs/wire/p2p-chat.md, sections 2 and 7).
 */
import { Option, Order, Schema } from "effect"

const least = -(2n ** 63n)
const most = 2n ** 63n - 1n

/** The Schema of an id: any int64, because originals send any of them. */
export const PeerId = Schema.BigInt.check(Schema.isBetweenBigInt({ minimum: least, maximum: most })).pipe(
  Schema.brand("@peerage/p2p-chat/PeerId")
).annotate({ identifier: "PeerId" })
export type PeerId = typeof PeerId.Type

/** True for a value that `PeerId` takes. Plain code, for what is done with each message. */
export const is = (value: unknown): value is PeerId => typeof value === "bigint" && value >= least && value <= most

/** An id from a number that is known to fit 64 bits. Dies of others. */
export const make = (id: bigint): PeerId => PeerId.make(id)

/** Ids by their numbers. */
export const order: Order.Order<PeerId> = Order.BigInt

/**
 * True for an id that a peer may have: 1 to 2^63-1.
 *
 * Quirk: an original accepts 0 and never removes it again: each later joiner with that id gets a connection that nobody
 * reads. An original joiner exits at once when its server's id is negative.
 */
export const usable = (id: PeerId): boolean => id > 0n

/** Reads an id that a person typed, 1 to 2^63-1 in decimal; `undefined` when the text is none. */
export const parse = (text: string): PeerId | undefined => {
  const id = /^[1-9]\d{0,18}$/.test(text) ? Schema.decodeOption(PeerId)(BigInt(text)) : Option.none()
  return Option.getOrUndefined(id)
}
