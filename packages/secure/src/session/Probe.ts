/** Whether a session that was silent for a while still has somebody at its other end. */
import type { Shared } from "./Shared.ts"

/** Asks with PING. Many may wait for one answer. */
export class Probe {
  readonly #shared: Pick<Shared, "after" | "numbers">
  #waiting: Array<(alive: boolean) => void> = []
  #cancel: (() => void) | undefined

  constructor(shared: Pick<Shared, "after" | "numbers">) {
    this.#shared = shared
  }

  /** Calls `answered` once. `ask` is called unless a question is on its way. */
  ask(ask: () => void, answered: (alive: boolean) => void): void {
    this.#waiting.push(answered)
    if (this.#cancel !== undefined) return
    this.#cancel = this.#shared.after(this.#shared.numbers.probeTimeout, () => this.answer(false))
    ask()
  }

  /** The answer has come, or will not. */
  answer(alive: boolean): void {
    this.#cancel?.()
    this.#cancel = undefined
    const waiting = this.#waiting
    this.#waiting = []
    for (const answered of waiting) answered(alive)
  }
}
