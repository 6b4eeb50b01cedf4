/**
 * What one side of a connection said, cut into messages: headers, headers with their payloads, and bare frames; in words
 * and with their very bytes, so that a difference can be read and none is overlooked.
 */
import { createHash } from "node:crypto"

/** Bytes and when they were sent, in milliseconds since the session began. */
export interface Piece {
  readonly at: number
  readonly bytes: Uint8Array
}

/** One message. */
export interface Message {
  /** When its first byte was sent. */
  readonly at: number
  /** Where it begins among the bytes of its side. */
  readonly start: number
  readonly bytes: Uint8Array
  readonly header: string | undefined
  readonly payload: Uint8Array
}

const headerBytes = 128
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1")

/** The digest of bytes, in hexadecimal digits. */
export const digestOf = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex")

/** The header that bytes begin with, without its padding. */
const headerIn = (bytes: Uint8Array): string | undefined => {
  const header = text(bytes.subarray(0, headerBytes))
  return header.length === headerBytes && /^(?:HELLO|ACCEPT|DENY|PING|DATA)\|/.test(header)
    ? header.replace(/\|+$/, "")
    : undefined
}

const sizeIn = (header: string | undefined): number => Number(/data_size=(\d+)/.exec(header ?? "")?.[1] ?? 0)

/** The size of a stream's frames, as the first header that anybody sent has it. 0 where there is none. */
export const frameSize = (pieces: ReadonlyArray<Piece>): number => {
  for (const { bytes } of pieces) {
    const header = headerIn(bytes)
    if (header?.startsWith("DATA|") === true) return sizeIn(header)
  }
  return 0
}

/** Cuts all bytes of a side. What is no header is a frame of so many bytes, or a rest where there are no frames. */
export const cut = (pieces: ReadonlyArray<Piece>, frame: number): ReadonlyArray<Message> => {
  const all = Buffer.concat(pieces.map(({ bytes }) => bytes))
  const messages: Array<Message> = []
  let start = 0
  while (start < all.length) {
    const header = headerIn(all.subarray(start))
    const size = header === undefined ? frame : headerBytes + sizeIn(header)
    const bytes = new Uint8Array(all.subarray(start, size === 0 ? undefined : start + size))
    const payload = header === undefined ? bytes : bytes.subarray(headerBytes)
    messages.push({ at: timeOf(pieces, start), start, bytes, header, payload })
    start += bytes.length
  }
  return messages
}

const timeOf = (pieces: ReadonlyArray<Piece>, start: number): number => {
  let begin = 0
  for (const { at, bytes } of pieces) {
    if (start < begin + bytes.length) return at
    begin += bytes.length
  }
  return 0
}

const isPrintable = (bytes: Uint8Array) => bytes.every((byte) => byte >= 0x20 && byte < 0x7f)

/** Bytes in words: text where they are, digits where they are few. */
export const describe = (bytes: Uint8Array): string => {
  if (bytes.length > 64) return `${bytes.length} bytes`
  return isPrintable(bytes) ? text(bytes) : Buffer.from(bytes).toString("hex")
}

/** A message in words. */
export const describeMessage = ({ header, payload }: Message): string =>
  [header ?? "FRAME", ...payload.length === 0 ? [] : [describe(payload)]].join(" ")

/** The bytes of an original's message as one of ours sends it: its HELLO says what it is, all else stays. */
export const extended = ({ bytes, header }: Message): Uint8Array =>
  header?.startsWith("HELLO|") === true
    ? new Uint8Array(Buffer.from(`${header}&peerage=1`.padEnd(headerBytes, "|")))
    : bytes
