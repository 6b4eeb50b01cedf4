/**
 * Bytes that grow, for text that is ASCII: written character by character, as turning many short texts into bytes costs
 * more than all else that is done with them.
 */

const noBytes = new Uint8Array(0)
const smallest = 4096
const kept = 131_072

/** Written bytes. Plain state. */
export class Ascii {
  private room = noBytes
  private used = 0
  /** What was taken last: as much may come again. */
  private expected = smallest

  /** How many bytes were written. */
  get length(): number {
    return this.used
  }

  /** Writes text, all of it ASCII. */
  text(text: string): void {
    this.grow(text.length)
    const { room } = this
    let at = this.used
    for (let i = 0; i < text.length; i++) room[at++] = text.charCodeAt(i)
    this.used = at
  }

  /** Writes text in quotes, where a JSON string is that; false, and nothing, where it needs escapes. */
  plain(text: string): boolean {
    this.grow(text.length + 2)
    const { room } = this
    let at = this.used
    room[at++] = 0x22
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit < 0x20 || unit > 0x7f || unit === 0x22 || unit === 0x5c) return false
      room[at++] = unit
    }
    room[at++] = 0x22
    this.used = at
    return true
  }

  /** Writes the same unit again and again. */
  fill(unit: number, count: number): void {
    this.grow(count)
    this.room.fill(unit, this.used, this.used + count)
    this.used += count
  }

  /** Writes bytes. */
  bytes(bytes: Uint8Array): void {
    this.grow(bytes.length)
    this.room.set(bytes, this.used)
    this.used += bytes.length
  }

  /** What was written from a position on. Stays as it is until something is written after a `rewind`. */
  from(position: number): Uint8Array {
    return this.room.subarray(position, this.used)
  }

  /** Goes back to a position. From the beginning on, large memory is given back. */
  rewind(position: number): void {
    this.used = position
    if (position === 0 && this.room.length > kept) this.room = noBytes
  }

  /** Takes everything, which from now on is the caller's. */
  take(): Uint8Array {
    const taken = this.from(0)
    this.expected = Math.min(kept, Math.max(smallest, this.used))
    // What is left is for what comes next: new memory for each short text would cost more than writing it.
    this.room = this.room.subarray(this.used)
    this.used = 0
    return taken
  }

  private grow(more: number) {
    const needed = this.used + more
    if (needed <= this.room.length) return
    const room = new Uint8Array(Math.max(needed, 2 * this.room.length, this.expected))
    room.set(this.from(0))
    this.room = room
  }
}
