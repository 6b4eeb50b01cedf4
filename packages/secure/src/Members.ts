/** Who needs no passphrase, and which passphrase admits the others. Changed only by its methods, each in one step. */
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Redacted } from "effect"

/** What admission knows of members. */
export class Members {
  readonly #known: Set<PeerKey>
  #passphrase: Redacted.Redacted<string> | undefined
  #rotations = 0

  constructor(passphrase: Redacted.Redacted<string> | undefined, known: Iterable<PeerKey>) {
    this.#passphrase = passphrase
    this.#known = new Set(known)
  }

  /** What admits strangers; `undefined` where only known keys come in. */
  get passphrase(): Redacted.Redacted<string> | undefined {
    return this.#passphrase
  }

  /** How often the passphrase has changed. What was begun before a change counts for nothing after it. */
  get rotations(): number {
    return this.#rotations
  }

  readonly knows = (key: PeerKey): boolean => this.#known.has(key)

  learn(key: PeerKey): void {
    this.#known.add(key)
  }

  /** False when the key was not known. */
  forget(key: PeerKey): boolean {
    return this.#known.delete(key)
  }

  /** Another passphrase from now on, and no known keys but these. */
  rotate(passphrase: Redacted.Redacted<string>, keep: ReadonlyArray<PeerKey>): void {
    this.#passphrase = passphrase
    this.#rotations++
    this.#known.clear()
    for (const key of keep) this.#known.add(key)
  }
}
