/**
 * What each neighbour's host has in the store, with the heaviest at hand: a heap of lines, where a line knows its place.
 * A share weighs the larger of its parts of the two bounds. So whoever has no more of both than an equal part of what
 * own messages leave loses nothing, whether the others send many small messages or large ones.
 */
import { Line, type Stored } from "./Line.ts"

/** The bounds of which a share is a part. */
export interface Bounds {
  /** Messages. */
  readonly maxStored: number
  readonly maxStoredBytes: number
}

interface Share {
  readonly origin: string
  readonly line: Line
  weight: number
  place: number
}

/** Of two that weigh the same, the one with the oldest message goes first. */
const precedes = (a: Share, b: Share): boolean =>
  a.weight > b.weight || (a.weight === b.weight && (a.line.first?.order ?? 0) < (b.line.first?.order ?? 0))

/** The shares of all origins that have something in the store. */
export class Shares {
  private readonly byOrigin = new Map<string, Share>()
  private readonly heap: Array<Share> = []
  private readonly bounds: Bounds

  constructor(bounds: Bounds) {
    this.bounds = bounds
  }

  /** The oldest message of the heaviest origin. */
  get heaviest(): Stored | undefined {
    return this.heap[0]?.line.first
  }

  add(stored: Stored): void {
    const share = this.byOrigin.get(stored.origin) ?? this.begin(stored.origin)
    share.line.append(stored)
    this.weigh(share)
  }

  /** Takes out a message that was added. */
  remove(stored: Stored): void {
    const share = this.byOrigin.get(stored.origin)
    if (share === undefined) return
    share.line.remove(stored)
    if (share.line.length > 0) return this.weigh(share)
    this.byOrigin.delete(share.origin)
    const last = this.heap.pop()
    if (last === undefined || last === share) return
    this.seat(last, share.place)
    this.weigh(last)
  }

  private begin(origin: string): Share {
    const share = { origin, line: new Line("origin"), weight: 0, place: this.heap.length }
    this.heap.push(share)
    this.byOrigin.set(origin, share)
    return share
  }

  private weigh(share: Share): void {
    const { maxStored, maxStoredBytes } = this.bounds
    share.weight = Math.max(share.line.length / maxStored, share.line.bytes / maxStoredBytes)
    this.raise(share)
    this.sink(share)
  }

  private raise(share: Share): void {
    while (share.place > 0) {
      const above = this.heap[(share.place - 1) >> 1]
      if (above === undefined || precedes(above, share)) return
      this.swap(above, share)
    }
  }

  private sink(share: Share): void {
    while (true) {
      const left = this.heap[2 * share.place + 1]
      if (left === undefined) return
      const right = this.heap[2 * share.place + 2]
      const heavier = right !== undefined && precedes(right, left) ? right : left
      if (precedes(share, heavier)) return
      this.swap(share, heavier)
    }
  }

  private swap(a: Share, b: Share): void {
    const place = a.place
    this.seat(a, b.place)
    this.seat(b, place)
  }

  private seat(share: Share, place: number): void {
    share.place = place
    this.heap[place] = share
  }
}
