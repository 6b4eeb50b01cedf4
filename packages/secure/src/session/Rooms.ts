/**
 * Memory in which records are sealed, shared by all sessions of a transport. It is used again, as memory that is made anew
 * for each record costs more than the sealing: the collector looks at the whole heap for every 64 MiB of it.
 */

/** Bytes of a room. */
const size = 262_144

/** Rooms that are kept. */
const kept = 4

/** Rooms that nobody uses. */
export class Rooms {
  readonly #spare: Array<Uint8Array> = []

  /** A room, with whatever was in it. */
  take(): Uint8Array {
    return this.#spare.pop() ?? new Uint8Array(size)
  }

  /** Takes a room back that nothing uses any more. */
  give(room: Uint8Array): void {
    if (this.#spare.length < kept) this.#spare.push(room)
  }
}
