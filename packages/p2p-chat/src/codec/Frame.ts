/**
 * Frames of p2p-chat: the length of the body in four bytes, then the body (P2P-CHAT.md, section 1).
 *
 *     00 00 00 06 | 08 03 22 02 08 0b        length, big-endian | PeerMessage in protobuf
 *
 * An original writes header and body apart and reads each with one `recv`; this end takes them however they come and
 * writes them together.
 */
import { type Format, LengthPrefix } from "@peerage/wire"
import * as Protobuf from "./Protobuf.ts"

/** An original has no limit of its own, but reads no more than what has arrived: on loopback about this much. */
const defaultLimit = 65_536

/** The format of p2p-chat: protobuf behind its length. */
export const format: Format.Format<LengthPrefix.State> = {
  framing: LengthPrefix.framing,
  limit: defaultLimit,
  parse: Protobuf.parse,
  print: Protobuf.print
}

/**
 * Bytes of a frame, header included, that fit one segment on Ethernet: 1500, less 20 for IP, 20 for TCP, and 60 for
 * options of both.
 *
 * Quirk: an original reads a body with one `recv`, and closes the connection when not all of it is there. What is
 * larger than a segment may reach it in parts.
 */
export const comfortable = 1400

/** How many segments so many bytes fill. */
export const segments = (bytes: number): number => Math.ceil(bytes / comfortable)
