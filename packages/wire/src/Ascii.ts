/**
 * A growing buffer of ASCII text. Text is written character by character: encoding many short texts one by one costs more
 * than all other work with them.
 */

const smallest = 4096
const kept = 131_072

/** Written bytes. Plain state. */
export class Ascii {
  private room = new Uint8Array(0)
  private used = 0
  /** Bytes to reserve first: as many as were taken last time. */
  private expected = smallest

  /** How many bytes were written. */
  get length(): number {
    return this.used
  }

  /** Writes text. The caller makes sure that all of it is ASCII. */
  text(text: string): void {
    this.grow(text.length)
    const { room } = this
    let at = this.used
    for (let i = 0; i < text.length; i++) room[at++] = text.charCodeAt(i)
    this.used = at
  }

  /** Writes text as a JSON string. Writes nothing and returns false where the string needs escapes. */
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

  /** Writes the same byte `count` times. */
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

  /** What was written from a position on. Valid until something is written after a `rewind`. */
  from(position: number): Uint8Array {
    return this.room.subarray(position, this.used)
  }

  /** Goes back to a position. Going back to the beginning frees a large buffer. */
  rewind(position: number): void {
    this.used = position
    if (position === 0 && this.room.length > kept) this.room = new Uint8Array(0)
  }

  /** Takes everything. The bytes are the caller's from now on. */
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
