/** A session that has had no stream for a while has nothing to stay open for. */
import type { Shared } from "./Shared.ts"

/** What is watched. */
export interface Watched {
  /** Streams that are open. */
  readonly streams: () => number
  /** There was none for all the time. */
  readonly idle: () => void
}

/** Watches one session. */
export class Idle {
  readonly #shared: Pick<Shared, "after" | "now">
  readonly #millis: number
  readonly #watched: Watched
  #emptyAt: number
  #cancel: () => void

  /** It may be without streams for so many milliseconds, from now on. */
  constructor(shared: Pick<Shared, "after" | "now">, millis: number, watched: Watched) {
    this.#shared = shared
    this.#millis = millis
    this.#watched = watched
    this.#emptyAt = shared.now()
    this.#cancel = shared.after(millis, this.#check)
  }

  /** The last stream has gone. */
  emptied(): void {
    this.#emptyAt = this.#shared.now()
  }

  /** Watches no more. */
  stop(): void {
    this.#cancel()
  }

  readonly #check = (): void => {
    const left = this.#watched.streams() > 0 ? this.#millis : this.#emptyAt + this.#millis - this.#shared.now()
    if (left > 0) this.#cancel = this.#shared.after(left, this.#check)
    else this.#watched.idle()
  }
}
