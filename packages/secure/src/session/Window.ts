/**
 * Credit: how many bytes the other end of a stream may send before this end has taken them. A fast reader gets a larger
 * window, as far as those of its session together allow, so that a fast stream is never short of credit and a slow one holds
 * little.
 */

/** Credit of each stream at first, at both ends. Part of the protocol. */
export const initial = 65_536

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
  /** All of a session together. Windows of the first size are always given. */
  readonly maxSessionWindow: number
}

/** How much all windows of a session hold. */
export class WindowBudget {
  readonly #limits: WindowLimits
  #used = 0

  constructor(limits: WindowLimits) {
    this.#limits = limits
  }

  /** A new window of the first size. */
  open(): void {
    this.#used += initial
  }

  /** By how much a window may grow. */
  grow(size: number): number {
    const { maxSessionWindow, maxWindow } = this.#limits
    const more = Math.max(0, Math.min(size, maxWindow - size, maxSessionWindow - this.#used))
    this.#used += more
    return more
  }

  /** A window of this size is gone. */
  close(size: number): void {
    this.#used -= size
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
    budget.open()
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
    const more = isSlow ? 0 : this.#budget.grow(this.#size)
    const credit = this.#taken + more
    this.#size += more
    this.#left += credit
    this.#taken = 0
    this.#givenAt = now
    return credit
  }

  close(): void {
    this.#budget.close(this.#size)
    this.#size = 0
  }
}

/** The credit after more was given; `undefined` when that is more than there can be. */
export const credited = (credit: number, more: number): number | undefined =>
  credit + more > maxCredit ? undefined : credit + more
