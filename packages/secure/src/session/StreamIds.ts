/** Numbers of the streams of one session: from 1, without a gap, and none a second time. */
import * as Frame from "./Frame.ts"

/** Numbers that one session gives, and where it has got to. */
export class StreamIds {
  readonly #greatest: number
  #last = 0

  /** `greatest` is the last one there is. */
  constructor(greatest = Frame.maxStream) {
    this.#greatest = greatest
  }

  /** True while there is another. */
  get left(): boolean {
    return this.#last < this.#greatest
  }

  /** The next, for a stream of this end. Only while there is one `left`. */
  next(): number {
    return ++this.#last
  }

  /** The other end gives its stream this number. False when it is not the next. */
  take(id: number): boolean {
    if (!this.left || id !== this.#last + 1) return false
    this.#last = id
    return true
  }

  /** True for the number of a stream that is open or was. */
  isKnown(id: number): boolean {
    return id <= this.#last
  }
}
