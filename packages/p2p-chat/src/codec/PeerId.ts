/**
 * The name of a peer: a whole number of 64 bits, a branded `bigint` from end to end, as most ids are beyond 2^53.
 * In JSON it is a string. (P2P-CHAT.md, sections 2 and 7.)
 */
import { Option, Schema } from "effect"

const least = -(2n ** 63n)
const most = 2n ** 63n - 1n

/** The Schema of an id: whatever an int64 can be, as originals send any of them. */
export const PeerId = Schema.BigInt.check(Schema.isBetweenBigInt({ minimum: least, maximum: most })).pipe(
  Schema.brand("@peerage/p2p-chat/PeerId")
).annotate({ identifier: "PeerId" })
export type PeerId = typeof PeerId.Type

/** An id from a number known to fit 64 bits. Dies of others. */
export const make = (id: bigint): PeerId => PeerId.make(id)

/**
 * Whether a peer may go by this id: 1 to 2^63-1.
 *
 * Quirk: an original accepts 0 and never forgets it again: each later joiner of it lands in a connection that nobody
 * reads. An original joiner ends at once when its server's id is negative.
 */
export const usable = (id: PeerId): boolean => id > 0n

/** Reads an id typed by a person, 1 to 2^63-1 in decimal; `undefined` when it is none. */
export const parse = (text: string): PeerId | undefined => {
  const id = /^[1-9]\d{0,18}$/.test(text) ? Schema.decodeOption(PeerId)(BigInt(text)) : Option.none()
  return Option.getOrUndefined(id)
}
