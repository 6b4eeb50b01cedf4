/** The latest of a sequence, each with a serial number, so that several readers can each go on from where they were. */

/** What is kept of a sequence. */
export class Kept<A> {
  private items: Array<A> = []
  private dropped = 0
  private readonly most: number
  private readonly drop: (items: ReadonlyArray<A>) => void

  /** Keeps `most` items or somewhat more; `drop` is given those that are kept no longer. */
  constructor(most: number, drop: (items: ReadonlyArray<A>) => void = () => {}) {
    this.most = most
    this.drop = drop
  }

  /** The serial of the oldest that is kept. */
  get first(): number {
    return this.dropped
  }

  /** The serial of what comes next. */
  get next(): number {
    return this.dropped + this.items.length
  }

  add(items: ReadonlyArray<A>): void {
    for (const item of items) this.items.push(item)
    const tooMany = this.items.length - this.most
    // Not for each one: moving the others has its price.
    if (tooMany > this.most / 4) {
      this.drop(this.items.splice(0, tooMany))
      this.dropped += tooMany
    }
  }

  /** Those from a serial on, at most so many. */
  from(serial: number, most: number): ReadonlyArray<A> {
    const start = Math.max(0, serial - this.dropped)
    return this.items.slice(start, start + most)
  }
}
