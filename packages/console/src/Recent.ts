/** The latest of what comes, and how much came in all. */

/** Something with its serial, and when it came. */
export interface Numbered<A> {
  readonly n: number
  readonly at: number
  readonly item: A
}

interface Batch<A> {
  readonly at: number
  readonly items: ReadonlyArray<A>
}

/** Holds the latest, at least `most` of them. */
export class Recent<A> {
  private readonly most: number
  private batches: ReadonlyArray<Batch<A>> = []
  /** How many came in all. The first one has the serial 0. */
  total = 0

  constructor(most: number) {
    this.most = most
  }

  /** Takes a batch. Nothing is made for each item: most of a large batch is never asked for. */
  push(items: ReadonlyArray<A>, at: number): void {
    this.total += items.length
    let [first, held] = [this.batches.length, items.length]
    while (first > 0 && held < this.most) held += this.batches[--first]?.items.length ?? 0
    this.batches = [...this.batches.slice(first), { at, items: items.slice(-this.most) }]
  }

  /** The latest of those with this serial and later ones; at most `most`. */
  from(n: number): ReadonlyArray<Numbered<A>> {
    const first = Math.max(n, this.total - this.most)
    const items = this.batches.flatMap(({ at, items }) => items.map((item) => ({ at, item })))
    const before = this.total - items.length
    return items.map((entry, index) => ({ n: before + index, ...entry })).slice(Math.max(0, first - before))
  }

  /** Lets what it holds go. */
  forget(): void {
    this.batches = []
  }
}
