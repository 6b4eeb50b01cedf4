/**
 * Bytes that were written and not sent yet. Segments end where writes end, or anywhere when segmentation is chaotic.
 */
import { Bytes } from "effect"
import type { Chance } from "../Chance.ts"
import type { Settings } from "../PacketNetwork.ts"

/** A queue of written bytes. */
export class SendBuffer {
  /** Bytes in the queue. */
  length = 0
  private readonly chunks: Array<Uint8Array> = []
  private readonly settings: Settings
  private readonly chance: Chance

  constructor(settings: Settings, chance: Chance) {
    this.settings = settings
    this.chance = chance
  }

  /** Appends copies, so that the program may reuse its arrays. */
  add(chunks: ReadonlyArray<Uint8Array>): void {
    for (const chunk of chunks) {
      if (chunk.length === 0) continue
      this.chunks.push(chunk.slice())
      this.length += chunk.length
    }
  }

  clear(): void {
    this.chunks.length = 0
    this.length = 0
  }

  /** Removes and returns the bytes of the next segment; `undefined` when there is none or it exceeds `window` bytes. */
  next(window: number): Uint8Array | undefined {
    const first = this.chunks[0]
    if (first === undefined) return undefined
    if (this.settings.chaotic) {
      const most = Math.min(this.length, this.settings.segment, window)
      return most === 0 ? undefined : this.remove(this.randomSize(most))
    }
    const size = Math.min(first.length, this.settings.segment)
    return size > window ? undefined : this.remove(size)
  }

  // A quarter of the segments carry as much as possible, a quarter at most 8 bytes, so that headers are split, and half
  // any number of bytes.
  private randomSize(most: number): number {
    const choice = this.chance.next()
    if (choice < 0.25) return most
    return 1 + Math.floor(this.chance.next() * (choice < 0.5 ? Math.min(most, 8) : most))
  }

  /** Removes and returns `size` bytes. */
  private remove(size: number): Uint8Array {
    this.length -= size
    const [whole] = this.chunks
    // Most segments are a write as it was.
    if (whole?.length === size) {
      this.chunks.shift()
      return whole
    }
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
