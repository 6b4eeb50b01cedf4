/** What a handshake has mixed so far: Noise's SymmetricState (Noise revision 34, section 5.2). */
import { concat, none, utf8 } from "../Bytes.ts"
import type { Primitives } from "../Crypto.ts"
import { Cipher, type CipherOptions } from "./Cipher.ts"

/** The protocol's name, which the first hash is made of. It has 32 bytes, as many as that hash. */
export const protocol = "Noise_XX_25519_ChaChaPoly_SHA256"

/** One handshake's chaining key, hash and cipher. None of them is in it as a value but the hash. */
export class Symmetric {
  readonly #crypto: Primitives
  #chainingKey = utf8(protocol)
  #hash = utf8(protocol)
  #cipher: Cipher | undefined

  constructor(crypto: Primitives, prologue: Uint8Array) {
    this.#crypto = crypto
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
    this.#cipher = new Cipher(this.#crypto, key)
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
