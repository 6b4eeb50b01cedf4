/** Bytes in the chunks in which they arrived, and how reading ended. Copies only to join chunks. */
import { Bytes } from "effect"
import type { SocketError } from "effect/socket/Socket"
import { type ReadEnd, readEnd, type Sink } from "./Reading.ts"

const noBytes: Uint8Array = new Uint8Array(0)

/** Chunks up to this length are joined: one chunk for each byte would cost a hundred times the bytes. */
const smallLength = 1024

/** Bytes that small chunks are joined in, at first and at most. */
const firstRoom = 64
const largestRoom = 65_536

/** Bytes that are kept may hold this many times as much memory: a small message and its header. */
const mostMemory = 4

/** What has arrived and was not taken. Plain state, changed only by its reader. */
export class ByteBuffer implements Sink {
  available = 0
  /** Changes with everything that happens. */
  version = 0
  ending: SocketError | undefined
  private chunks: Array<Uint8Array> = []
  /** Memory whose used part ends with the last chunk, as long as that is where small chunks are joined. */
  private room: Uint8Array = noBytes
  private used = 0

  absorb(chunks: ReadonlyArray<Uint8Array>): void {
    this.version++
    for (const chunk of chunks) {
      if (chunk.length === 0) continue
      this.available += chunk.length
      const last = this.chunks.at(-1)
      if (last === undefined || chunk.length > smallLength || !this.join(last, chunk)) this.chunks.push(chunk)
    }
  }

  end(error: SocketError): void {
    if (this.ending !== undefined) return
    this.version++
    this.ending = error
  }

  ended(): ReadEnd | undefined {
    return this.ending === undefined ? undefined : readEnd(this.ending, this.available)
  }

  /** Length of the first chunk. */
  get piece(): number {
    return this.chunks[0]?.length ?? 0
  }

  /** The first bytes in one piece, at most `size`. Copies only where several chunks must be joined. */
  peek(size: number): Uint8Array {
    if (this.piece < size && this.chunks.length > 1) this.chunks = [Bytes.concat(this.chunks)]
    return (this.chunks[0] ?? noBytes).subarray(0, size)
  }

  take(size: number): Uint8Array {
    const first = this.chunks[0] ?? noBytes
    if (size > first.length && this.chunks.length > 1) return this.copy(size)
    this.available -= Math.min(size, first.length)
    if (size < first.length) this.chunks[0] = first.subarray(size)
    else this.chunks.shift()
    if (this.chunks.length === 0) this.room = noBytes
    return size < first.length ? first.subarray(0, size) : first
  }

  /** Drops all that has arrived. */
  clear(): void {
    this.version++
    this.available = 0
    this.chunks = []
    this.room = noBytes
  }

  /** Takes the first bytes, at most `size`. Copies them where they are a small part of the memory in which they came. */
  own(size: number): Uint8Array {
    const first = this.chunks[0]
    if (first?.length !== size || first.buffer.byteLength > mostMemory * size) return this.copy(size)
    this.take(size)
    return new Uint8Array(first.buffer, first.byteOffset, size)
  }

  /**
   * Puts a small chunk behind the last one. Each byte is copied twice on average, into memory of twice its size at most.
   * False where the last chunk is large already.
   */
  private join(last: Uint8Array, chunk: Uint8Array): boolean {
    const joins = last.buffer === this.room.buffer && last.byteOffset + last.length === this.used
    if (!joins || this.used + chunk.length > this.room.length) {
      const length = last.length + chunk.length
      if (length > largestRoom || !joins && last.length > smallLength) return false
      this.room = new Uint8Array(Math.min(largestRoom, Math.max(firstRoom, 2 * length)))
      this.room.set(last)
      this.used = last.length
    }
    this.room.set(chunk, this.used)
    this.used += chunk.length
    const begin = this.used - chunk.length - last.length
    this.chunks[this.chunks.length - 1] = this.room.subarray(begin, this.used)
    return true
  }

  private copy(size: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(size, this.available))
    for (let at = 0; at < bytes.length;) {
      const part = this.take(Math.min(this.piece, bytes.length - at))
      bytes.set(part, at)
      at += part.length
    }
    return bytes
  }
}
