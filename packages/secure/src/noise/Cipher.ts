/**
 * One direction of a session, and each key of a handshake: Noise's CipherState (Noise revision 34, section 5.1).
 *
 *     record 0 .. 65,535 | REKEY | record 65,536 .. 131,071 | REKEY | ...      the nonce counts on
 *
 * Nonces are 4 zero bytes and the number of the record, little-endian for ChaChaPoly and big-endian for AESGCM. One is counted
 * only for a record that was sealed or that did open; after one that did not, nothing opens any more.
 */
import { none } from "../Bytes.ts"
import {
  type Aead,
  keyLength,
  nonceLength,
  type OpenedWhere,
  type Primitives,
  type Suite,
  tagLength,
  type Use
} from "../Crypto.ts"

/** Records of one direction from one rekey to the next. */
export const rekeyInterval = 65_536

/** How a direction is sealed, where it begins, and when it changes its key. Both ends must agree. */
export interface CipherOptions {
  readonly suite: Suite
  /** Records from one rekey to the next. Default `rekeyInterval`. */
  readonly rekeyInterval?: number | undefined
  /** The number of the first record. Default 0. */
  readonly first?: number | undefined
}

/** Records from which a direction is worth preparing for. One that says little holds no memory for it. */
const busy = 64

/** Bytes of a record up to which the next is prepared for. With longer ones most of the time is their bytes'. */
const short = 1024

const rekeyNonce = Uint8Array.of(0, 0, 0, 0, ...new Uint8Array(8).fill(255))
const zeros = new Uint8Array(keyLength)
const word = 2 ** 32

/** One direction. Its key is nowhere in it as a value. */
export class Cipher {
  readonly #aeadOf: (key: Uint8Array) => Aead
  readonly #littleEndian: boolean
  readonly #interval: number
  readonly #nonce = new Uint8Array(nonceLength)
  readonly #counter = new DataView(this.#nonce.buffer)
  #aead: Aead
  #records: number
  /** The number of the record that was prepared for. */
  #prepared = -1
  #wasShort = true
  #broken = false

  constructor(crypto: Primitives, key: Uint8Array, options: CipherOptions) {
    this.#aeadOf = crypto.aead[options.suite]
    this.#aead = this.#aeadOf(key)
    this.#littleEndian = options.suite === "ChaChaPoly"
    this.#interval = options.rekeyInterval ?? rekeyInterval
    this.#records = options.first ?? 0
  }

  /** How many records were sealed or opened, which is the number of the next one. */
  get records(): number {
    return this.#records
  }

  /**
   * Seals `parts`, one behind the other, as one record into `into` from `at` on, where `tagLength` bytes more than theirs
   * must have room. A part may be where its sealed bytes go to. Returns how many bytes it wrote.
   */
  seal(parts: ReadonlyArray<Uint8Array>, into: Uint8Array, at: number, associated = none): number {
    if (this.#exhausted) throw new RangeError("a direction has used up its nonces")
    const length = this.#aead.seal(this.#next(), associated, parts, into, at)
    this.#count(length)
    return length
  }

  /** `seal` of one part, in bytes of its own. */
  sealed(plain: Uint8Array, associated = none): Uint8Array {
    const into = new Uint8Array(plain.length + tagLength)
    this.seal([plain], into, 0, associated)
    return into
  }

  /**
   * The plain bytes of a record; `undefined` when it does not open, or when one before it did not. `sealed` may be
   * overwritten. In place, which is the default, the result may lie in it.
   */
  open(sealed: Uint8Array, associated = none, where: OpenedWhere = "in place"): Uint8Array | undefined {
    if (this.#broken || this.#exhausted) return undefined
    const plain = this.#aead.open(this.#next(), associated, sealed, where)
    if (plain === undefined) this.#broken = true
    else this.#count(sealed.length)
    return plain
  }

  /**
   * Prepares for the next record, while nobody waits: a quarter of the time that a short record takes is spent before its
   * bytes are looked at.
   */
  prepare(use: Use): void {
    if (!this.#wasShort || this.#records < busy || this.#prepared === this.#records) return
    if (this.#broken || this.#exhausted) return
    this.#prepared = this.#records
    this.#aead.prepare?.(use, this.#next())
  }

  get #exhausted(): boolean {
    return this.#records >= Number.MAX_SAFE_INTEGER
  }

  #next(): Uint8Array {
    const littleEndian = this.#littleEndian
    this.#counter.setUint32(littleEndian ? 4 : 8, this.#records % word, littleEndian)
    this.#counter.setUint32(littleEndian ? 8 : 4, Math.floor(this.#records / word), littleEndian)
    return this.#nonce
  }

  #count(length: number): void {
    this.#records += 1
    this.#wasShort = length <= short
    if (this.#records % this.#interval === 0) this.#rekey()
  }

  #rekey(): void {
    const sealed = new Uint8Array(keyLength + tagLength)
    this.#aead.seal(rekeyNonce, none, [zeros], sealed, 0)
    this.#aead = this.#aeadOf(sealed.slice(0, keyLength))
  }
}
