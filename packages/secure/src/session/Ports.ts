/** The ports that streams of one session are dialed from, as their dialer shows them: no two streams have the same. */

const first = 32_768
const last = 60_999

/** Ports in use in one session. */
export class Ports {
  readonly #used = new Set<number>()
  #next = first

  /** A port that is free: `preferred` if it is. */
  take(preferred: number): number {
    let port = preferred
    while (this.#used.has(port)) {
      port = this.#next
      this.#next = port === last ? first : port + 1
    }
    this.#used.add(port)
    return port
  }

  give(port: number): void {
    this.#used.delete(port)
  }
}
