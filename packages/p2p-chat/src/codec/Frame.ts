/**
 * Frames of p2p-chat: the length of the body in four bytes, then the body (docs/wire/p2p-chat.md, section 1).
 *
 *     00 00 00 06 | 08 03 22 02 08 0b        length, big-endian | PeerMessage in protobuf
 *
 * An original writes header and body apart and reads each with one `recv`. We write them together, and read them however
 * they are cut.
 */
import { type Format, LengthPrefix } from "@peerage/wire"
import * as Protobuf from "./Protobuf.ts"

/** The format of p2p-chat: a length, then protobuf. */
export const format: Format.Format<LengthPrefix.State> = {
  framing: LengthPrefix.framing,
  // An original has no limit, but reads no more than what has arrived: about this much on loopback.
  limit: 65_536,
  parse: Protobuf.parse,
  print: Protobuf.print
}

/**
 * Bytes of a frame, header included, that fit one segment on Ethernet: 1500, less 20 for IP, 20 for TCP, and 60 for
 * options of both.
 *
 * Quirk: an original reads a body with one `recv`, and closes the connection when the body is not complete. A frame that
 * is larger than a segment may reach it in parts.
 */
export const comfortable = 1400

/** The number of segments that so many bytes fill. */
export const segments = (bytes: number): number => Math.ceil(bytes / comfortable)
