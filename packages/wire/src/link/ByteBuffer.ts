/** Bytes in the chunks in which they arrived, and how reading ended. Copies only to join chunks. */
import { Bytes } from "effect"
import type { SocketError } from "effect/socket/Socket"
import { type ReadEnd, readEnd, type Sink } from "./Reading.ts"

const noBytes: Uint8Array = new Uint8Array(0)

/** Small chunks are joined up to this length: one chunk for each byte would cost a hundred times the bytes. */
const joinedLength = 1024

/** Bytes that are kept may hold this many times as much memory: a small message and its header. */
const mostMemory = 4

/** What has arrived and was not taken. Plain state, changed only by its reader. */
export class ByteBuffer implements Sink {
  available = 0
  /** Changes with everything that happens. */
  version = 0
  ending: SocketError | undefined
  private chunks: Array<Uint8Array> = []

  absorb(chunks: ReadonlyArray<Uint8Array>): void {
    this.version++
    for (const chunk of chunks) {
      if (chunk.length === 0) continue
      const last = this.chunks.at(-1)
      this.available += chunk.length
      if (last === undefined || last.length + chunk.length > joinedLength) this.chunks.push(chunk)
      else this.chunks[this.chunks.length - 1] = Bytes.concat([last, chunk])
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
    return size < first.length ? first.subarray(0, size) : first
  }

  /** Takes the first bytes, at most `size`. Copies them where they are a small part of the memory in which they came. */
  own(size: number): Uint8Array {
    const first = this.chunks[0]
    if (first?.length !== size || first.buffer.byteLength > mostMemory * size) return this.copy(size)
    this.take(size)
    return new Uint8Array(first.buffer, first.byteOffset, size)
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
