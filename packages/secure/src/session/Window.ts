/**
 * Credit: how many bytes the other end of a stream may send before this end has taken them. A fast reader gets a larger
 * window, as far as those of its session together allow, so that a fast stream is never short of credit and a slow one holds
 * little. What all windows of a session may hold is kept for the first ones of as many streams as it may have; the rest is for
 * growing. So an admitted peer cannot make this end hold more, whatever its streams do.
 */

/** Credit of each stream at first, at both ends. Part of the protocol. */
export const initial = 8192

/** What a window grows to as soon as its reader takes something, where the session has so much left. */
const usual = 65_536

/** Credit that an end may have at most. */
const maxCredit = 2 ** 31

/**
 * Milliseconds. A stream whose reader takes half a window in less is fast, and may need a larger one. The credit of a slower
 * one is given all the same, so that the other end sees that it takes something.
 */
const patience = 1000

/** Sizes that windows grow to. */
export interface WindowLimits {
  /** One. */
  readonly maxWindow: number
  /** All of a session together. */
  readonly maxSessionWindow: number
  /** Streams of a session, for each of which a first window is kept. */
  readonly maxStreams: number
}

/** By how much all windows of a session may grow. */
export class WindowBudget {
  readonly #maxWindow: number
  #left: number

  constructor({ maxSessionWindow, maxStreams, maxWindow }: WindowLimits) {
    this.#maxWindow = maxWindow
    this.#left = maxSessionWindow - maxStreams * initial
  }

  /** By how much a window of `size` may grow towards `wanted`. */
  grow(size: number, wanted: number): number {
    const more = Math.max(0, Math.min(Math.min(wanted, this.#maxWindow) - size, this.#left))
    this.#left -= more
    return more
  }

  /** A window of this size is gone. */
  close(size: number): void {
    this.#left += size - initial
  }
}

/** What this end lets the other send. */
export class ReceiveWindow {
  readonly #budget: WindowBudget
  #size = initial
  #left = initial
  #taken = 0
  #givenAt: number

  /** Times are in milliseconds of one clock. */
  constructor(budget: WindowBudget, now: number) {
    this.#budget = budget
    this.#givenAt = now
  }

  /** True when the other end has used up its credit, and so is silent if it has more. */
  get spent(): boolean {
    return this.#left <= 0
  }

  /** Counts bytes that arrived. False when they are more than the other end may send. */
  arrived(bytes: number): boolean {
    this.#left -= bytes
    return this.#left >= 0
  }

  /** Counts bytes that the program took. Returns the credit to give for them, mostly 0 until half of a window was taken. */
  took(bytes: number, now: number): number {
    this.#taken += bytes
    const isSlow = now - this.#givenAt >= patience
    if (this.#taken * (isSlow ? 16 : 2) < this.#size) return 0
    const wanted = isSlow ? usual : Math.max(usual, 2 * this.#size)
    const more = this.#budget.grow(this.#size, wanted)
    const credit = this.#taken + more
    this.#size += more
    this.#left += credit
    this.#taken = 0
    this.#givenAt = now
    return credit
  }

  close(): void {
    this.#budget.close(this.#size)
    this.#size = initial
  }
}

/** The credit after more was given; `undefined` when that is more than there can be. */
export const credited = (credit: number, more: number): number | undefined =>
  credit + more > maxCredit ? undefined : credit + more
