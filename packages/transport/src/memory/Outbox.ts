/** What was written and not yet sent, cut into segments: by writes, or at random where a network is chaotic. */
import { Bytes, type Random } from "effect"

/** How segments are cut. */
export interface Cut {
  /** Longest segment in bytes. */
  readonly segment: number
  readonly chaotic: boolean
}

/** A queue of written bytes. */
export class Outbox {
  /** Bytes waiting. */
  waiting = 0
  private readonly chunks: Array<Uint8Array> = []
  private readonly cut: Cut
  private readonly random: Random.Random

  constructor(cut: Cut, random: Random.Random) {
    this.cut = cut
    this.random = random
  }

  /** Takes copies: what the program does with its bytes later is not seen. */
  add(chunks: ReadonlyArray<Uint8Array>): void {
    for (const chunk of chunks) {
      if (chunk.length === 0) continue
      this.chunks.push(chunk.slice())
      this.waiting += chunk.length
    }
  }

  clear(): void {
    this.chunks.length = 0
    this.waiting = 0
  }

  /** Removes and returns the next segment's bytes; `undefined` when nothing waits or it is longer than `room`. */
  next(room: number): Uint8Array | undefined {
    const first = this.chunks[0]
    if (first === undefined) return undefined
    if (this.cut.chaotic) {
      const most = Math.min(this.waiting, this.cut.segment, room)
      return most === 0 ? undefined : this.remove(this.anySize(most))
    }
    const size = Math.min(first.length, this.cut.segment)
    return size > room ? undefined : this.remove(size)
  }

  // A quarter of the segments carry all they can, a quarter a few bytes, half anything: headers get cut in their midst.
  private anySize(most: number): number {
    const choice = this.random.nextDoubleUnsafe()
    if (choice < 0.25) return most
    return 1 + Math.floor(this.random.nextDoubleUnsafe() * (choice < 0.5 ? Math.min(most, 8) : most))
  }

  /** Removes `size` bytes. A whole chunk is not copied again. */
  private remove(size: number): Uint8Array {
    this.waiting -= size
    const parts: Array<Uint8Array> = []
    let missing = size
    while (missing > 0) {
      const first = this.chunks.shift()
      if (first === undefined) break
      parts.push(first.subarray(0, missing))
      if (first.length > missing) this.chunks.unshift(first.subarray(missing))
      missing -= Math.min(first.length, missing)
    }
    return Bytes.concat(parts)
  }
}
