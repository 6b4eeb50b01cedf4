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

  /** Adds an entry; of its bytes only the first are kept, as a copy. */
  add(entry: Entry): void {
    const kept = entry.length === 0 ? entry : { ...entry, bytes: entry.bytes.slice(0, this.bytesKept) }
    if (this.ring.length < this.capacity) this.ring.push(kept)
    else if (this.capacity > 0) {
      this.ring[this.oldest] = kept
      this.oldest = (this.oldest + 1) % this.capacity
    }
    for (const watch of this.watchers) watch(kept)
  }

  entries(): ReadonlyArray<Entry> {
    return [...this.ring.slice(this.oldest), ...this.ring.slice(0, this.oldest)]
  }
}
