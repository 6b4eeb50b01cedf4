/**
 * Bytes of a stream that have arrived and were not taken. They lie in the memory that they came in: small pieces are put
 * together, so that a peer that sends a byte a frame does not make this end hold a record for each.
 */
import { Bytes } from "effect"
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"

/** A piece of less is small, and one that is less than a quarter of what it came in is copied. */
const small = 1024

/** Small pieces that are put together. Each costs as much as 300 bytes beside its own. */
const together = 16

/** Bytes that were not taken. */
export class Inbox {
  #chunks: Array<Uint8Array> = []
  #length = 0
  #small = 0

  /** Bytes in it. */
  get length(): number {
    return this.#length
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#length += bytes.length
    this.#chunks.push(keepsTooMuch(bytes) ? bytes.slice() : bytes)
    this.#small = bytes.length < small ? this.#small + 1 : 0
    if (this.#small === together) this.#join()
  }

  /** Takes all there is. */
  take(): NonEmptyReadonlyArray<Uint8Array> | undefined {
    const chunks = this.#chunks
    if (!isReadonlyArrayNonEmpty(chunks)) return undefined
    this.clear()
    return chunks
  }

  clear(): void {
    this.#chunks = []
    this.#length = this.#small = 0
  }

  /** With what was put together before, as long as that is small too: there are never many pieces for few bytes. */
  #join(): void {
    const before = this.#chunks.at(-together - 1)
    const pieces = this.#chunks.splice(before !== undefined && before.length < small ? -together - 1 : -together)
    this.#chunks.push(Bytes.concat(pieces))
    this.#small = 0
  }
}

const keepsTooMuch = ({ buffer, length }: Uint8Array): boolean => length * 4 < buffer.byteLength
