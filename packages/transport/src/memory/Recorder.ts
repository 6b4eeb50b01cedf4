/** Keeps the last entries of a network's trace and tells those who watch. */
import type { Entry } from "../Trace.ts"

/** A ring of entries. */
export class Recorder {
  readonly watchers = new Set<(entry: Entry) => void>()
  private readonly capacity: number
  private readonly bytesKept: number
  private readonly ring: Array<Entry> = []
  private oldest = 0

  constructor(capacity: number, bytesKept: number) {
    this.capacity = capacity
    this.bytesKept = bytesKept
  }

  /** What is kept of a segment's bytes: the first, as a copy. */
  keep(bytes: Uint8Array): Uint8Array {
    return bytes.length === 0 ? bytes : bytes.slice(0, this.bytesKept)
  }

  add(entry: Entry): void {
    if (this.ring.length < this.capacity) this.ring.push(entry)
    else if (this.capacity > 0) {
      this.ring[this.oldest] = entry
      this.oldest = (this.oldest + 1) % this.capacity
    }
    for (const watch of this.watchers) watch(entry)
  }

  entries(): ReadonlyArray<Entry> {
    return [...this.ring.slice(this.oldest), ...this.ring.slice(0, this.oldest)]
  }
}
