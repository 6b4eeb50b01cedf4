/**
 * What one side of a connection said, cut into messages: headers, headers with their payloads, and bare frames; in words
 * and with their very bytes, so that a difference can be read and none is overlooked.
 */
import { Recording, Transcript } from "@peerage/testing"
import { createHash } from "node:crypto"

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
export const frameSize = (segments: ReadonlyArray<Recording.Segment>): number => {
  for (const { bytes } of segments) {
    const header = headerIn(bytes)
    if (header?.startsWith("DATA|") === true) return sizeIn(header)
  }
  return 0
}

/** Cuts all bytes of a side. What is no header is a frame of so many bytes, or a rest where there are no frames. */
export const cut = (segments: ReadonlyArray<Recording.Segment>, frame: number): ReadonlyArray<Message> => {
  const all = Buffer.concat(segments.map(({ bytes }) => bytes))
  const messages: Array<Message> = []
  let start = 0
  while (start < all.length) {
    const header = headerIn(all.subarray(start))
    const size = header === undefined ? frame : headerBytes + sizeIn(header)
    const bytes = new Uint8Array(all.subarray(start, size === 0 ? undefined : start + size))
    const payload = header === undefined ? bytes : bytes.subarray(headerBytes)
    messages.push({ at: timeOf(segments, start), start, bytes, header, payload })
    start += bytes.length
  }
  return messages
}

const timeOf = (segments: ReadonlyArray<Recording.Segment>, start: number): number => {
  let begin = 0
  for (const { at, bytes } of segments) {
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
const describeMessage = ({ header, payload }: Message): string =>
  [header ?? "FRAME", ...payload.length === 0 ? [] : [describe(payload)]].join(" ")

/** The bytes of an original's message as one of ours sends it: its HELLO says what it is, all else stays. */
const extended = ({ bytes, header }: Message): Uint8Array =>
  header?.startsWith("HELLO|") === true
    ? new Uint8Array(Buffer.from(`${header}&peerage=1`.padEnd(headerBytes, "|")))
    : bytes

const tokenOf = (message: Message): Transcript.Token => ({
  at: message.at,
  key: digestOf(message.bytes),
  extended: digestOf(extended(message)),
  text: describeMessage(message)
})

/** What one end of a connection said: a token for each message, and for each end. */
export const tokens = (
  happenings: ReadonlyArray<Recording.Happening>,
  side: Recording.Side,
  frame: number
): ReadonlyArray<Transcript.Token> =>
  Transcript.inOrder(happenings, side, cut(Recording.segmentsOf(happenings, side), frame).map(tokenOf))

// What an original reads in one go, however it is cut.
const smallBytes = 60_000

/** The small messages of an end that did not come in one segment. */
export const torn = (
  happenings: ReadonlyArray<Recording.Happening>,
  side: Recording.Side,
  frame: number
): ReadonlyArray<string> => {
  const segments = Recording.segmentsOf(happenings, side)
  const borders: Array<number> = []
  for (const { bytes } of segments) borders.push((borders.at(-1) ?? 0) + bytes.length)
  return cut(segments, frame)
    .filter(({ bytes, start }) =>
      bytes.length <= smallBytes && borders.some((border) => border > start && border < start + bytes.length)
    )
    .map((message) => `torn: ${describeMessage(message)}`)
}
