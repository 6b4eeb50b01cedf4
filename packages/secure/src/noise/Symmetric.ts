/** What a handshake has mixed so far: Noise's SymmetricState (Noise revision 34, section 5.2). */
import { concat, none, utf8 } from "../Bytes.ts"
import { keyLength, type Primitives, type Suite } from "../Crypto.ts"
import { Cipher, type CipherOptions } from "./Cipher.ts"

/** The first hash: the protocol's name, and zeros up to the length of a hash. */
const named = (suite: Suite): Uint8Array => {
  const hash = new Uint8Array(keyLength)
  hash.set(utf8(`Noise_XX_25519_${suite}_SHA256`))
  return hash
}

/** One handshake's chaining key, hash and cipher. None of them is in it as a value but the hash. */
export class Symmetric {
  readonly #crypto: Primitives
  readonly #suite: Suite
  #chainingKey: Uint8Array
  #hash: Uint8Array
  #cipher: Cipher | undefined

  constructor(crypto: Primitives, suite: Suite, prologue: Uint8Array) {
    this.#crypto = crypto
    this.#suite = suite
    this.#chainingKey = this.#hash = named(suite)
    this.mixHash(prologue)
  }

  /** The hash of all that was said. */
  get hash(): Uint8Array {
    return this.#hash
  }

  mixHash(bytes: Uint8Array): void {
    this.#hash = this.#crypto.sha256(concat(this.#hash, bytes))
  }

  mixKey(shared: Uint8Array): void {
    const [chainingKey, key] = this.#derive(shared)
    this.#chainingKey = chainingKey
    this.#cipher = new Cipher(this.#crypto, key, { suite: this.#suite })
  }

  /** Seals with the hash as associated data, once there is a key, and mixes what comes out. */
  sealAndHash(plain: Uint8Array): Uint8Array {
    const sealed = this.#cipher === undefined ? plain : this.#cipher.sealed(plain, this.#hash)
    this.mixHash(sealed)
    return sealed
  }

  /** The reverse of `sealAndHash`; `undefined` when it does not open. */
  openAndHash(sealed: Uint8Array): Uint8Array | undefined {
    const before = this.#hash
    this.mixHash(sealed)
    return this.#cipher === undefined ? sealed : this.#cipher.open(sealed, before)
  }

  /** The ciphers of both directions, the initiator's first. */
  split(options: CipherOptions): readonly [Cipher, Cipher] {
    const [first, second] = this.#derive(none)
    return [new Cipher(this.#crypto, first, options), new Cipher(this.#crypto, second, options)]
  }

  #derive(input: Uint8Array): readonly [Uint8Array, Uint8Array] {
    const { hmac256 } = this.#crypto
    const secret = hmac256(this.#chainingKey, input)
    const first = hmac256(secret, Uint8Array.of(1))
    return [first, hmac256(secret, concat(first, Uint8Array.of(2)))]
  }
}
