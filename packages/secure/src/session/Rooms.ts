/**
 * Memory in which records are sealed, shared by all sessions of a transport. It is used again, as memory that is made anew
 * for each record costs more than the sealing: the collector looks at the whole heap for every 64 MiB of it.
 */
import { none } from "../Bytes.ts"

/** Bytes of a room. */
const size = 262_144

/** Rooms that are kept. */
const kept = 4

/** Short copies lie in memory of so many bytes together, as each piece of memory of its own costs more than the copying. */
const shelf = 8192

/** Bytes of a copy that is short. One that waits for a slow carrier holds the shelf with it. */
const short = 512

/** Rooms that nobody uses. */
export class Rooms {
  readonly #spare: Array<Uint8Array> = []
  #shelf = none
  #used = 0

  /** A room, with whatever was in it. */
  take(): Uint8Array {
    return this.#spare.pop() ?? new Uint8Array(size)
  }

  /** Takes a room back that nothing uses any more. */
  give(room: Uint8Array): void {
    if (this.#spare.length < kept) this.#spare.push(room)
  }

  /** A copy of bytes. */
  copy(bytes: Uint8Array): Uint8Array {
    const { length } = bytes
    if (length > short) return bytes.slice()
    if (this.#shelf.length - this.#used < length) {
      this.#shelf = new Uint8Array(shelf)
      this.#used = 0
    }
    const copy = this.#shelf.subarray(this.#used, this.#used + length)
    this.#used += length
    copy.set(bytes)
    return copy
  }
}
