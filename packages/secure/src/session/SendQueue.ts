/** Bytes that a stream has to send, as the program's own chunks until they are copied into a record. */
import { none } from "../Bytes.ts"

/** Chunks that were sent before the list is made shorter. */
const stale = 256

/** A queue of bytes. */
export class SendQueue {
  #chunks: Array<Uint8Array> = []
  #first = 0
  #offset = 0
  #length = 0

  /** Bytes in it. */
  get length(): number {
    return this.#length
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#length += chunk.length
  }

  /** Moves `count` bytes, of those that are there, to `into`. */
  move(into: Uint8Array, at: number, count: number): void {
    this.#length -= count
    let [to, left] = [at, count]
    while (left > 0) {
      const chunk = this.#chunks[this.#first] ?? none
      const end = Math.min(chunk.length, this.#offset + left)
      const part = this.#offset === 0 && end === chunk.length ? chunk : chunk.subarray(this.#offset, end)
      into.set(part, to)
      to += part.length
      left -= part.length
      this.#offset = end
      if (end === chunk.length) this.#drop()
    }
  }

  /** Copies what is left, as the program may change its chunks from now on. */
  own(): void {
    if (this.#length === 0) return
    const left = new Uint8Array(this.#length)
    this.move(left, 0, left.length)
    this.push(left)
  }

  clear(): void {
    this.#chunks = []
    this.#first = this.#offset = this.#length = 0
  }

  /** The first chunk has been sent. */
  #drop(): void {
    this.#offset = 0
    this.#first++
    if (this.#first === this.#chunks.length) {
      this.#chunks = []
      this.#first = 0
    } else if (this.#first >= stale && this.#first * 2 >= this.#chunks.length) {
      this.#chunks = this.#chunks.slice(this.#first)
      this.#first = 0
    }
  }
}
