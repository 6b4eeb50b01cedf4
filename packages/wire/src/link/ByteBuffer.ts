/** Bytes in the chunks in which they arrived, and how reading ended. Copies only to join chunks. */
import { SocketFailure } from "@peerage/transport"
import { Bytes } from "effect"
import type { SocketError } from "effect/socket/Socket"
import { FrameTruncated } from "../FrameError.ts"
import { PeerClosed } from "../LinkError.ts"
import type { Sink } from "./Reading.ts"

/** How reading ends: by FIN with all bytes taken, by FIN with bytes left, or with the connection. */
export type ReadEnd = SocketError | PeerClosed | FrameTruncated

/** No bytes. */
export const noBytes: Uint8Array = new Uint8Array(0)

// Made once: most connections end with it, and its stack trace says nothing.
const peerClosed = new PeerClosed()

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

  readonly absorb = (chunks: ReadonlyArray<Uint8Array>): void => {
    this.version++
    for (const chunk of chunks) if (chunk.length > 0) this.push(chunk)
  }

  private push(chunk: Uint8Array): void {
    const last = this.chunks.at(-1)
    this.available += chunk.length
    if (last === undefined || last.length + chunk.length > joinedLength) this.chunks.push(chunk)
    else this.chunks[this.chunks.length - 1] = Bytes.concat([last, chunk])
  }

  readonly end = (error: SocketError): void => {
    if (this.ending !== undefined) return
    this.version++
    this.ending = error
  }

  ended(): ReadEnd | undefined {
    if (this.ending === undefined || !SocketFailure.isFin(this.ending)) return this.ending
    return this.available > 0 ? new FrameTruncated({ pending: this.available }) : peerClosed
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
    if (size < first.length) {
      this.chunks[0] = first.subarray(size)
      this.available -= size
      return first.subarray(0, size)
    }
    if (size === first.length || this.chunks.length === 1) {
      this.chunks.shift()
      this.available -= first.length
      return first
    }
    return this.copy(size)
  }

  /** Takes the first bytes, at most `size`. Copies them where they are a small part of the memory in which they came. */
  own(size: number): Uint8Array {
    const first = this.chunks[0]
    if (first?.length !== size || first.buffer.byteLength > mostMemory * size) return this.copy(size)
    this.take(size)
    return new Uint8Array(first.buffer, first.byteOffset, size)
  }

  private copy(wanted: number): Uint8Array {
    const size = Math.min(wanted, this.available)
    const bytes = new Uint8Array(size)
    let at = 0
    let used = 0
    while (at < size) {
      const chunk = this.chunks[used] ?? noBytes
      const part = chunk.subarray(0, size - at)
      bytes.set(part, at)
      at += part.length
      if (part.length < chunk.length) this.chunks[used] = chunk.subarray(part.length)
      else used++
    }
    this.chunks.splice(0, used)
    this.available -= size
    return bytes
  }
}
