/** Keeps the latest entries of a network's trace, and passes each new entry to the watchers. */
import type { Entry } from "../Trace.ts"

/** A ring buffer of entries. */
export class TraceRecorder {
  /** Called with each new entry. */
  readonly watchers = new Set<(entry: Entry) => void>()
  private readonly capacity: number
  private readonly bytesKept: number
  private readonly ring: Array<Entry> = []
  private oldest = 0

  constructor(capacity: number, bytesKept: number) {
    this.capacity = capacity
    this.bytesKept = bytesKept
  }

  /** A copy of the first bytes of a packet, as many as an entry keeps. */
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

  /** The entries kept, oldest first. */
  entries(): ReadonlyArray<Entry> {
    return [...this.ring.slice(this.oldest), ...this.ring.slice(0, this.oldest)]
  }
}
