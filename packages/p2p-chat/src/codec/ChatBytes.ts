/**
 * The fast path of text messages, which are nearly all messages: writes and reads their bytes without the library's
 * reflection. It writes what `Protobuf.print` would, and reads what `Protobuf.parse` would.
 *
 *     08 01 | 12 0e | 08 0c | 10 0b | 1a 08 "and back"        MESSAGE { fr: 12, to: 11, msg }
 *
 * `write` gives whole frames, any number of them in one piece of memory. `read` takes a body whose fields come in this
 * order, as every peer writes them; it leaves other bodies to the library.
 */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire"
import type { Chat } from "./Message.ts"

/** A text message as on the wire: ids are any int64. */
export type ChatBytes = typeof Chat.Encoded

/** The first byte of each field: its number and its wire type. */
const tags = { type: 0x08, message: 0x12, from: 0x08, to: 0x10, text: 0x1a }
const typeMessage = 0x01

const headerLength = 4
const typeLength = 2
const idsLength = 2 * (1 + 10)
// What a frame takes besides its text at most: two more tags, and two lengths.
const overhead = headerLength + typeLength + idsLength + 2 + 2 * 5
// Bytes of UTF-8 for a UTF-16 unit at most.
const perUnit = 3

/** The bytes that a frame with this text takes at most. */
export const most = (text: string): number => overhead + perUnit * text.length

const varintSize = (value: number): number => value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4

/** Two ids as they are written, one behind the other, and as they read. */
interface Ids {
  readonly bytes: Uint8Array
  readonly from: bigint
  readonly to: bigint
}

const noIds: Ids = { bytes: new Uint8Array(), from: 0n, to: 0n }

// Those of the latest text message: the next one mostly has the same, and a `bigint` takes longer to read than a text.
let lastRead = noIds
let lastWritten = noIds

// Short frames share memory: to get some of its own takes longer than everything else that is done for one.
const sharedSize = 16_384
const largestShared = 1024
let shared = new Uint8Array()

/** Frames, one behind the other: of text messages, and those that are bytes already. */
export const write = (frames: ReadonlyArray<ChatBytes | Uint8Array>): Uint8Array => {
  let size = 0
  for (const frame of frames) size += frame instanceof Uint8Array ? frame.length : most(frame.text)
  if (size <= largestShared && size > shared.length) shared = new Uint8Array(sharedSize)
  const bytes = size > largestShared ? new Uint8Array(size) : shared
  let at = 0
  for (const frame of frames) {
    if (frame instanceof Uint8Array) bytes.set(frame, at)
    at += frame instanceof Uint8Array ? frame.length : putChat(bytes, at, frame)
  }
  if (bytes === shared) shared = shared.subarray(at)
  return bytes.subarray(0, at)
}

const utf8 = new TextEncoder()

/** Writes the frame of a text message and gives its length. Half a character in the text goes out as U+FFFD. */
const putChat = (bytes: Uint8Array, at: number, { from, text, to }: ChatBytes): number => {
  if (lastWritten.from !== from || lastWritten.to !== to) lastWritten = writeIds(from, to)
  const ids = lastWritten.bytes
  // Most text is ASCII. Then it is where it belongs already.
  const expected = at + headLength(ids, text.length)
  const length = utf8.encodeInto(text, bytes.subarray(expected)).written
  const head = headLength(ids, length)
  if (at + head !== expected) bytes.copyWithin(at + head, expected, expected + length)
  putHead(bytes, at, { ids, length })
  return head + length
}

/** The length of the message inside. An empty text is left out. */
const memberLength = (ids: Uint8Array, text: number): number =>
  ids.length + (text === 0 ? 0 : 1 + varintSize(text) + text)

/** The length of everything ahead of so many bytes of text. */
const headLength = (ids: Uint8Array, text: number): number => {
  const member = memberLength(ids, text)
  return headerLength + typeLength + 1 + varintSize(member) + member - text
}

/** Writes everything ahead of so many bytes of text. */
const putHead = (
  bytes: Uint8Array,
  at: number,
  { ids, length }: { readonly ids: Uint8Array; readonly length: number }
) => {
  const member = memberLength(ids, length)
  const body = typeLength + 1 + varintSize(member) + member
  let next = at
  for (let shift = 24; shift >= 0; shift -= 8) bytes[next++] = body >>> shift
  bytes[next++] = tags.type
  bytes[next++] = typeMessage
  bytes[next++] = tags.message
  next = putLength(bytes, next, member)
  bytes.set(ids, next)
  if (length === 0) return
  next += ids.length
  bytes[next++] = tags.text
  putLength(bytes, next, length)
}

/** An id of 0 is left out. */
const writeIds = (from: bigint, to: bigint): Ids => {
  const writer = new BinaryWriter()
  if (from !== 0n) writer.tag(1, WireType.Varint).int64(from)
  if (to !== 0n) writer.tag(2, WireType.Varint).int64(to)
  return { bytes: writer.finish(), from, to }
}

/** Writes a length, and gives the place behind it. */
const putLength = (bytes: Uint8Array, at: number, length: number): number => {
  let [next, rest] = [at, length]
  for (; rest >= 0x80; rest >>>= 7) bytes[next++] = (rest & 0x7f) | 0x80
  bytes[next] = rest
  return next + 1
}

// As the library does: throws on what is not UTF-8, and keeps a byte order mark.
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** A number says where it ends, so only the same ids begin with the same bytes. */
const hasAt = (body: Uint8Array, at: number, { bytes }: Ids): boolean => {
  for (let index = 0; index < bytes.length; index++) if (body[at + index] !== bytes[index]) return false
  return bytes.length > 0
}

const readIds = (body: Uint8Array, at: number): Ids | undefined => {
  const reader = new BinaryReader(body)
  reader.pos = at
  if (body[reader.pos++] !== tags.from) return undefined
  const from = reader.int64()
  if (body[reader.pos++] !== tags.to) return undefined
  const to = reader.int64()
  // Strings only where a platform has no bigint.
  if (typeof from === "string" || typeof to === "string") return undefined
  return { bytes: body.slice(at, reader.pos), from, to }
}

/** A length of one or two bytes is at that place. Gives the place behind it when it reaches to the end; else 0. */
const lastPart = (body: Uint8Array, at: number): number => {
  const [low = 0, high = 0] = [body[at], body[at + 1]]
  if (low < 0x80) return low === body.length - at - 1 ? at + 1 : 0
  return high < 0x80 && ((low & 0x7f) | (high << 7)) === body.length - at - 2 ? at + 2 : 0
}

/**
 * Reads a body, without its header. Gives `undefined` when fields are missing or in another order, and when the body is
 * long. Throws only when the library would.
 */
export const read = (body: Uint8Array): ChatBytes | undefined => {
  if (body[0] !== tags.type || body[1] !== typeMessage || body[2] !== tags.message) return undefined
  const at = lastPart(body, 3)
  if (at === 0) return undefined
  const ids = hasAt(body, at, lastRead) ? lastRead : readIds(body, at)
  if (ids === undefined) return undefined
  lastRead = ids
  const behind = at + ids.bytes.length
  const text = body[behind] === tags.text ? lastPart(body, behind + 1) : 0
  if (text === 0) return undefined
  return { _tag: "Chat", from: ids.from, to: ids.to, text: strictUtf8.decode(body.subarray(text)) }
}
