/**
 * Messages on the carrier, big-endian: a u16 length, then so many bytes. In the handshake they are those of Noise, later
 * records: sealed bytes and a tag of 16. The magic comes in front of the first message of each direction. Bytes are taken as
 * they come, however they are split.
 */
import { none, utf8 } from "../Bytes.ts"
import { type Suite, suites, tagLength } from "../Crypto.ts"
import type { Cipher } from "../noise/Cipher.ts"

/** Bytes in front of a message. */
export const lengthBytes = 2

/** What each direction begins with. The last character is the version, which says the suite. */
export const magics: { readonly [Name in Suite]: Uint8Array } = {
  ChaChaPoly: utf8("PEERSEC1"),
  AESGCM: utf8("PEERSEC2")
}

const magicLength = 8

/** Largest message. */
export const maxMessage = 65_535

/** Largest content of a record. */
export const maxPlain = maxMessage - tagLength

/** Bytes of a record beside its content. */
export const overhead = lengthBytes + tagLength

/** Spare memory for messages that arrive in pieces, shared by all sessions of a transport. */
export class SpareBuffer {
  #spare: Uint8Array | undefined

  /** Room for `length` bytes, with whatever was in it. */
  take(length: number): Uint8Array {
    const spare = this.#spare ?? new Uint8Array(maxMessage)
    // A short message is not worth holding on to the whole for it, as it may stay unfinished for long.
    if (length * 4 < maxMessage) return new Uint8Array(length)
    this.#spare = undefined
    return spare.subarray(0, length)
  }

  /** Takes memory back that nothing uses any more. */
  give(bytes: Uint8Array): void {
    if (bytes.buffer.byteLength === maxMessage) this.#spare ??= new Uint8Array(bytes.buffer)
  }
}

/** Why the carrier's bytes are no messages of this protocol. */
export type Misfit = "TooLong" | "PlainPeer" | "OtherVersion"

/** Finds the messages in what arrives. */
export class RecordReader {
  /** Largest length that a message may announce. */
  limit: number
  readonly #spare: SpareBuffer
  #suite: Suite = "ChaChaPoly"
  #chunk = none
  #at = 0
  #greeting = 0
  #length = -1
  #high = -1
  #partial: Uint8Array | undefined
  #filled = 0

  constructor(spare: SpareBuffer, limit: number) {
    this.#spare = spare
    this.limit = limit
  }

  /** Takes bytes that arrived, once `next` has none left of those before. */
  push(chunk: Uint8Array): void {
    this.#chunk = chunk
    this.#at = 0
  }

  /**
   * The next message; `undefined` when more bytes are needed; why there is none as soon as that is known, as when a length
   * is above the limit. A message lies in the chunk, or in memory of its own that `release` takes back.
   */
  next(): Uint8Array | Misfit | undefined {
    if (this.#greeting < magicLength) {
      const misfit = this.#readMagic()
      if (misfit !== undefined) return misfit
    }
    if (this.#length < 0 && !this.#readLength()) return undefined
    if (this.#length > this.limit) return "TooLong"
    const [length, at] = [this.#length, this.#at]
    if (this.#partial === undefined && this.#chunk.length - at >= length) {
      this.#at = at + length
      this.#length = -1
      return this.#chunk.subarray(at, at + length)
    }
    return this.#fill(length)
  }

  /** True for a message that came in pieces, and lies in memory that `release` takes back. */
  isLent(message: Uint8Array): boolean {
    return message.buffer !== this.#chunk.buffer
  }

  /** Takes the memory of a message back, which nothing uses any more. */
  release(message: Uint8Array): void {
    if (this.isLent(message)) this.#spare.give(message)
  }

  /** True when the other end has said anything that fits. */
  get greeted(): boolean {
    return this.#greeting > 0
  }

  /** The suite that the other end speaks. Known with its first message. */
  get suite(): Suite {
    return this.#suite
  }

  #readMagic(): Misfit | undefined {
    while (this.#greeting < magicLength && this.#at < this.#chunk.length) {
      const byte = this.#chunk[this.#at++]
      const suite = suites.find((suite) => magics[suite][this.#greeting] === byte)
      if (suite === undefined) return this.#greeting === magicLength - 1 ? "OtherVersion" : "PlainPeer"
      this.#suite = suite
      this.#greeting++
    }
    return undefined
  }

  #readLength(): boolean {
    const chunk = this.#chunk
    if (this.#high < 0) {
      if (this.#at >= chunk.length) return false
      this.#high = chunk[this.#at++] ?? 0
    }
    if (this.#at >= chunk.length) return false
    this.#length = this.#high << 8 | (chunk[this.#at++] ?? 0)
    this.#high = -1
    return true
  }

  #fill(length: number): Uint8Array | undefined {
    const partial = this.#partial ??= this.#spare.take(length)
    const end = Math.min(this.#chunk.length, this.#at + length - this.#filled)
    partial.set(this.#chunk.subarray(this.#at, end), this.#filled)
    this.#filled += end - this.#at
    this.#at = end
    if (this.#filled < length) return undefined
    this.#partial = undefined
    this.#filled = 0
    this.#length = -1
    return partial
  }
}

/** A message with its length in front. */
export const framed = (message: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(lengthBytes + message.length)
  bytes[0] = message.length >>> 8
  bytes[1] = message.length
  bytes.set(message, lengthBytes)
  return bytes
}

/**
 * Makes a record of the `length` bytes, at most `maxPlain`, that are in `into` behind `at` and `lengthBytes`: it begins at
 * `at`, and they are sealed where they are. Returns where it ends.
 */
export const seal = (cipher: Cipher, into: Uint8Array, at: number, length: number): number => {
  const sealed = length + tagLength
  const begin = at + lengthBytes
  into[at] = sealed >>> 8
  into[at + 1] = sealed
  return begin + cipher.seal([into.subarray(begin, begin + length)], into, begin)
}
