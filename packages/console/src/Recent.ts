/** The latest of what comes, and how much came in all. */

/** Something with its serial. */
export interface Numbered<A> {
  readonly n: number
  readonly item: A
}

/** Holds the latest, at least `most` of them. */
export class Recent<A> {
  private readonly most: number
  private held: Array<A> = []
  /** How many came in all. The first one has the serial 0. */
  total = 0

  constructor(most: number) {
    this.most = most
  }

  /** Takes a batch. Nothing is made of what is too old by the end of it. */
  push<B>(batch: ReadonlyArray<B>, make: (item: B) => A): void {
    this.total += batch.length
    for (let index = Math.max(0, batch.length - this.most); index < batch.length; index++) {
      const item = batch[index]
      if (item !== undefined) this.held.push(make(item))
    }
    // Cutting costs more than appending.
    if (this.held.length > 4 * this.most) this.held = this.held.slice(-this.most)
  }

  /** The latest of those with this serial and later ones; at most `most`. */
  from(n: number): ReadonlyArray<Numbered<A>> {
    const count = Math.min(this.total - n, this.held.length, this.most)
    if (count <= 0) return []
    const first = this.total - count
    return this.held.slice(-count).map((item, index) => ({ n: first + index, item }))
  }

  /** Lets what it holds go. */
  forget(): void {
    this.held = []
  }
}
