/**
 * The fast path of text messages, which are nearly all that is said: their bytes written and read without the library's
 * reflection. What it writes is what `Protobuf.print` would, and what it reads is what `Protobuf.parse` would.
 *
 *     08 01 | 12 0e | 08 0c | 10 0b | 1a 08 "and back"        MESSAGE { fr: 12, to: 11, msg }
 *
 * Written are whole frames, as many as there are into one piece of memory. Read are bodies whose fields come in this
 * order, as everybody writes them; of other bytes it says nothing.
 */
import { protoInt64 } from "@bufbuild/protobuf"
import { BinaryReader } from "@bufbuild/protobuf/wire"

/** A text message as the wire has it: ids are any int64. */
export interface ChatBytes {
  readonly _tag: "Chat"
  readonly from: bigint
  readonly to: bigint
  readonly text: string
}

/** The first byte of each field: its number and its wire type. */
const tags = { type: 0x08, message: 0x12, from: 0x08, to: 0x10, text: 0x1a }
const typeMessage = 0x01

const headerLength = 4
const typeLength = 2
const idsLength = 2 * (1 + 10)
// What a frame takes beside its text at most: two more tags, and two lengths.
const overhead = headerLength + typeLength + idsLength + 2 + 2 * 5
// Bytes of UTF-8 for a UTF-16 code unit at most.
const perUnit = 3

/** Bytes that a frame with this text takes at most. */
export const most = (text: string): number => overhead + perUnit * text.length

/** Bytes that it takes when the text is ASCII, or some more. */
export const likely = (text: string): number => overhead + text.length

const utf8 = new TextEncoder()

const varintSize = (value: number): number => value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4

// Memory of its own takes longer to get than all else that is done for a short frame, so that those share some.
const shared = { bytes: new Uint8Array(), size: 16_384, largest: 1024 }

/** So many bytes that nobody has written to. */
const memory = (size: number): Uint8Array => {
  if (size > shared.largest) return new Uint8Array(size)
  if (size > shared.bytes.length) shared.bytes = new Uint8Array(shared.size)
  const taken = shared.bytes.subarray(0, size)
  shared.bytes = shared.bytes.subarray(size)
  return taken
}

/** Two ids as they are written, one behind the other, and as they read. */
interface Ids {
  readonly bytes: Uint8Array
  readonly from: bigint
  readonly to: bigint
}

const noIds: Ids = { bytes: new Uint8Array(), from: 0n, to: 0n }

// Those of the last text message: what follows mostly has the same, and a `bigint` takes longer to read than a text.
let lastRead = noIds
let lastWritten = noIds

/** Frames, one behind the other. */
export class Frames {
  private bytes: Uint8Array
  private at = 0
  private ids = lastWritten
  /** Where all that is ahead of the last text stands, and how many bytes that text had. */
  private head = 0
  private headText = -1

  /** `expected` is about how many bytes there will be. */
  constructor(expected: number) {
    this.bytes = memory(expected)
  }

  /** Everything that was added. */
  get whole(): Uint8Array {
    return this.bytes.subarray(0, this.at)
  }

  /** Adds a frame that is bytes already. */
  add(frame: Uint8Array): void {
    this.reserve(frame.length)
    this.bytes.set(frame, this.at)
    this.at += frame.length
  }

  /** Adds the frame of a text message. Its ids are int64; half a character in its text goes out as U+FFFD. */
  addChat({ from, text, to }: ChatBytes): void {
    if (this.ids.from !== from || this.ids.to !== to) {
      this.ids = lastWritten = writeIds(from, to)
      this.headText = -1
    }
    this.putHead(this.putText(text))
  }

  /** Writes the text where it belongs, which takes as many bytes as it has letters nearly always, and says how many. */
  private putText(text: string): number {
    const length = text.length
    this.reserve(likely(text))
    const { read, written } = utf8.encodeInto(text, this.bytes.subarray(this.at + this.headLength(length)))
    if (read === length && written === length) return length
    const encoded = utf8.encode(text)
    this.reserve(overhead + encoded.length)
    this.bytes.set(encoded, this.at + this.headLength(encoded.length))
    return encoded.length
  }

  /** Bytes of the message inside. */
  private memberLength(text: number): number {
    return this.ids.bytes.length + (text === 0 ? 0 : 1 + varintSize(text) + text)
  }

  /** Bytes ahead of so many of text. */
  private headLength(text: number): number {
    const member = this.memberLength(text)
    return headerLength + typeLength + 1 + varintSize(member) + member - text
  }

  /** Writes all that is ahead of so many bytes of text, and passes over those. An empty text is left out. */
  private putHead(text: number): void {
    const { head } = this
    this.head = this.at
    if (text === this.headText) return this.repeatHead(head, text)
    this.headText = text
    const member = this.memberLength(text)
    const body = typeLength + 1 + varintSize(member) + member
    const { bytes } = this
    for (let shift = 24; shift >= 0; shift -= 8) bytes[this.at++] = body >>> shift
    bytes[this.at++] = tags.type
    bytes[this.at++] = typeMessage
    bytes[this.at++] = tags.message
    this.at = putVarint(bytes, this.at, member, 0)
    bytes.set(this.ids.bytes, this.at)
    this.at += this.ids.bytes.length
    if (text === 0) return
    bytes[this.at++] = tags.text
    this.at = putVarint(bytes, this.at, text, 0) + text
  }

  /** As many letters from the same to the same: what is ahead of them is the same too. */
  private repeatHead(head: number, text: number): void {
    const length = this.headLength(text)
    this.bytes.copyWithin(this.at, head, head + length)
    this.at += length + text
  }

  private reserve(size: number): void {
    if (this.at + size <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.at + size))
    larger.set(this.whole)
    this.bytes = larger
  }
}

/** An id of 0 is left out. */
const writeIds = (from: bigint, to: bigint): Ids => {
  const bytes = new Uint8Array(idsLength)
  const end = putId(bytes, putId(bytes, 0, tags.from, from), tags.to, to)
  return { bytes: bytes.subarray(0, end), from, to }
}

const putId = (bytes: Uint8Array, at: number, tag: number, id: bigint): number => {
  if (id === 0n) return at
  const { hi, lo } = protoInt64.enc(id)
  bytes[at] = tag
  return putVarint(bytes, at + 1, lo, hi)
}

/** Writes a number given as two times 32 bits. Gives the place behind it. */
const putVarint = (bytes: Uint8Array, at: number, low: number, high: number): number => {
  let [next, lo, hi] = [at, low >>> 0, high >>> 0]
  while (hi > 0 || lo >= 0x80) {
    bytes[next++] = (lo & 0x7f) | 0x80
    lo = ((lo >>> 7) | (hi << 25)) >>> 0
    hi >>>= 7
  }
  bytes[next++] = lo
  return next
}

// As the library does: throws on what is not UTF-8, and keeps a byte order mark.
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Numbers end by themselves, so that nothing but the same ids begins with the same bytes. */
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

/** Where what a length of one or two bytes, at that place, speaks of begins, when it reaches to the end; else 0. */
const lastPart = (body: Uint8Array, at: number): number => {
  const [low = 0, high = 0] = [body[at], body[at + 1]]
  if (low < 0x80) return low === body.length - at - 1 ? at + 1 : 0
  return high < 0x80 && ((low & 0x7f) | (high << 7)) === body.length - at - 2 ? at + 2 : 0
}

/**
 * Reads a body, without its header. `undefined` where the fields are not all there, or in another order, or where it is
 * long. Throws only where the library would.
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
