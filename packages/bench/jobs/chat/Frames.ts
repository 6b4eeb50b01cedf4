/** Frames of p2p-chat as a program without a toolkit makes and cuts them: four bytes of length, then protobuf. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf"
import * as Cs2 from "@peerage/p2p-chat/Cs2"

const header = 4
const limit = 65_536
const { HANDSHAKE_RESPONSE, HANDSHAKE_START, MESSAGE } = Cs2.PeerMessage_Type

const frame = (body: Uint8Array): Uint8Array => {
  const bytes = Buffer.allocUnsafe(header + body.length)
  bytes.writeUInt32BE(body.length)
  bytes.set(body, header)
  return bytes
}

/** A frame of text. */
export const chat = (fr: bigint, to: bigint, msg: string): Uint8Array =>
  frame(toBinary(
    Cs2.PeerMessageSchema,
    create(Cs2.PeerMessageSchema, { type: MESSAGE, content: { case: "message", value: { fr, to, msg } } })
  ))

/** A joiner's first word. */
export const start = (id: bigint): Uint8Array =>
  frame(toBinary(
    Cs2.PeerMessageSchema,
    create(Cs2.PeerMessageSchema, { type: HANDSHAKE_START, content: { case: "handshakeStart", value: { id } } })
  ))

/** The answer to it. */
export const response = (id: bigint): Uint8Array =>
  frame(toBinary(
    Cs2.PeerMessageSchema,
    create(Cs2.PeerMessageSchema, { type: HANDSHAKE_RESPONSE, content: { case: "handshakeResponse", value: { id } } })
  ))

/** Reads a frame, given with its header. */
export const read = (whole: Uint8Array): Cs2.PeerMessage => fromBinary(Cs2.PeerMessageSchema, whole.subarray(header))

/** The text in a message; throws where it is something else. */
export const textIn = ({ content, type }: Cs2.PeerMessage): Cs2.Message => {
  if (type !== MESSAGE || content.case !== "message") throw new Error("not a message")
  return content.value
}

/** The id in a handshake of either kind; throws where it is something else. */
export const idIn = ({ content }: Cs2.PeerMessage): bigint => {
  if (content.case !== "handshakeStart" && content.case !== "handshakeResponse") throw new Error("no handshake")
  return content.value.id
}

/** Cuts a stream into whole frames, headers included. */
export class Cutter {
  private rest: Buffer = Buffer.alloc(0)

  cut(chunk: Buffer): ReadonlyArray<Uint8Array> {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    const frames: Array<Uint8Array> = []
    let from = 0
    while (bytes.length - from >= header) {
      const end = from + header + bytes.readUInt32BE(from)
      if (end - from > limit + header) throw new Error("a frame is too large")
      if (end > bytes.length) break
      frames.push(bytes.subarray(from, end))
      from = end
    }
    this.rest = bytes.subarray(from)
    return frames
  }
}
