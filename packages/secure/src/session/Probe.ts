/** Whether a session that was silent for a while still has somebody at its other end. */
import type { Shared } from "./Shared.ts"

/** Asks with PING, and answers with PONG. Many may wait for one answer. */
export class Probe {
  readonly #shared: Pick<Shared, "after" | "now" | "numbers">
  #waiting: Array<(alive: boolean) => void> = []
  #cancel: (() => void) | undefined
  /** How many records had left when a PONG was put among the next. */
  #answered = -1
  #heardAt: number

  constructor(shared: Pick<Shared, "after" | "now" | "numbers">) {
    this.#shared = shared
    this.#heardAt = shared.now()
  }

  /** The other end has said something. */
  heard(): void {
    this.#heardAt = this.#shared.now()
  }

  /** True when it was heard of lately. */
  get fresh(): boolean {
    return this.#shared.now() - this.#heardAt <= this.#shared.numbers.fresh
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

  /** The other end asks. Calls `pong` unless there is one already that waits to leave: it answers all that came before it. */
  asked(records: number, pong: () => void): void {
    if (this.#answered !== records) pong()
    this.#answered = records
  }
}
