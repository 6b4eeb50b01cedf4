/**
 * Kept messages in the order in which they came, with their count and bytes. A message stands in three lines at once:
 * of all, of those from its origin, of those for its receiver; it leaves any of them from the middle in constant time.
 */
import type { Chat } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"

/** Which of the three. */
export type Along = "all" | "origin" | "receiver"

/** A message that is kept. */
export interface Stored {
  readonly message: Chat
  readonly origin: string
  /** The neighbour that it came from and would have gone back to. */
  readonly from: PeerId | undefined
  /** What it counts for against the bound. */
  readonly bytes: number
  /** When it came, in milliseconds. */
  readonly at: number
  /** Its number among all that were ever kept. */
  readonly order: number
  /** Who stands before and after it in each line. */
  readonly neighbours: { readonly [along in Along]: { before: Stored | undefined; after: Stored | undefined } }
}

/** A line of kept messages. */
export class Line {
  first: Stored | undefined = undefined
  last: Stored | undefined = undefined
  length = 0
  bytes = 0
  /** Messages of a lower order may go to whoever they came from. */
  freed = 0
  private readonly along: Along

  constructor(along: Along) {
    this.along = along
  }

  append(stored: Stored): void {
    stored.neighbours[this.along].before = this.last
    if (this.last === undefined) this.first = stored
    else this.last.neighbours[this.along].after = stored
    this.last = stored
    this.length++
    this.bytes += stored.bytes
  }

  /** Takes out a message that stands in this line. */
  remove({ bytes, neighbours }: Stored): void {
    const { after, before } = neighbours[this.along]
    if (before === undefined) this.first = after
    else before.neighbours[this.along].after = after
    if (after === undefined) this.last = before
    else after.neighbours[this.along].before = before
    this.length--
    this.bytes -= bytes
  }
}
