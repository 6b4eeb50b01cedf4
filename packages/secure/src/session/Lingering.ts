/**
 * Closed streams that still have something to send. One that makes no progress for too long is reset. Most are over within
 * a turn, so nothing is done for one of them alone: they are looked at together, now and then.
 */
import type { Shared } from "./Shared.ts"

/** A closed stream. */
export interface Closed {
  /** Bytes that wait to be sent. */
  readonly queued: number
  readonly reset: () => void
}

interface Progress {
  readonly queued: number
  /** Since when so many wait, in milliseconds. */
  readonly since: number
}

/** The closed streams of one session. */
export class Lingering {
  readonly #shared: Pick<Shared, "after" | "now" | "numbers">
  readonly #streams = new Map<Closed, Progress>()
  #looking = false

  constructor(shared: Pick<Shared, "after" | "now" | "numbers">) {
    this.#shared = shared
  }

  add(stream: Closed): void {
    this.#streams.set(stream, { queued: stream.queued, since: this.#shared.now() })
    this.#lookLater()
  }

  remove(stream: Closed): void {
    this.#streams.delete(stream)
  }

  #lookLater(): void {
    if (this.#looking) return
    this.#looking = true
    this.#shared.after(this.#shared.numbers.lingerTimeout / 2, () => {
      this.#looking = false
      this.#look()
      if (this.#streams.size > 0) this.#lookLater()
    })
  }

  #look(): void {
    const now = this.#shared.now()
    for (const [stream, { queued, since }] of [...this.#streams]) {
      if (stream.queued !== queued) this.#streams.set(stream, { queued: stream.queued, since: now })
      else if (now - since >= this.#shared.numbers.lingerTimeout) stream.reset()
    }
  }
}
