/**
 * The primitives that the secure transport is made of. All of them are synchronous, so that a whole network is one
 * deterministic program: `NodeCrypto` has them from OpenSSL, `PortableCrypto` from plain JavaScript, and `SeededCrypto`
 * replaces chance in either.
 */
import { Context } from "effect"

/** Bytes of a key, of a scalar and of a point. */
export const keyLength = 32

/** Bytes that sealing adds. */
export const tagLength = 16

/** Bytes of a nonce. */
export const nonceLength = 12

/** An X25519 key pair. Its secret is not in it as a value. */
export interface KeyPair {
  readonly publicKey: Uint8Array
  /** The shared secret with another's public key; `undefined` where it is all zeros, as for a point of low order. */
  readonly agree: (publicKey: Uint8Array) => Uint8Array | undefined
}

/** Where opened bytes lie: where the sealed ones were, or in memory of their own. */
export type OpenedWhere = "in place" | "elsewhere"

/**
 * The ciphers that a session can have, by the names that Noise gives them: ChaCha20-Poly1305 (RFC 8439), and AES-256-GCM (NIST
 * SP 800-38D). Every listener speaks both.
 */
export const suites = ["ChaChaPoly", "AESGCM"] as const
export type Suite = typeof suites[number]

/** What a key is used for. */
export type Use = "seal" | "open"

/** A cipher with one key. A nonce must never be used twice for sealing. */
export interface Aead {
  /**
   * Seals `parts`, one behind the other, into `into` from `at` on: their bytes and `tagLength` more, which must have
   * room. A part may be where its sealed bytes go to. Returns how many bytes it wrote.
   */
  readonly seal: (
    nonce: Uint8Array,
    associated: Uint8Array,
    parts: ReadonlyArray<Uint8Array>,
    into: Uint8Array,
    at: number
  ) => number
  /**
   * The plain bytes; `undefined` when the tag does not fit. It may overwrite `sealed`. In place, which is the default, the
   * result may lie there: `sealed` is given away. Elsewhere it does not.
   */
  readonly open: (
    nonce: Uint8Array,
    associated: Uint8Array,
    sealed: Uint8Array,
    where?: OpenedWhere
  ) => Uint8Array | undefined
  /** Does what is to be done for the next `seal` or `open` before its bytes are known. Optional: it only saves time later. */
  readonly prepare?: (use: Use, nonce: Uint8Array) => void
}

/** The primitives. */
export class Crypto extends Context.Service<Crypto, {
  /** So many unpredictable bytes. */
  readonly random: (length: number) => Uint8Array
  /** The key pair of a secret of `keyLength` bytes. */
  readonly keyPair: (secret: Uint8Array) => KeyPair
  /** X25519 (RFC 7748) of a scalar and a point, each `keyLength` bytes; `undefined` where the result is all zeros. */
  readonly scale: (scalar: Uint8Array, point: Uint8Array) => Uint8Array | undefined
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  readonly sha512: (bytes: Uint8Array) => Uint8Array
  readonly hmac256: (key: Uint8Array, bytes: Uint8Array) => Uint8Array
  readonly hmac512: (key: Uint8Array, bytes: Uint8Array) => Uint8Array
  /** What this end dials with: the faster of the suites that are safe here. */
  readonly preferred: Suite
  /** The cipher of a key of `keyLength` bytes, in each suite. */
  readonly aead: { readonly [Name in Suite]: (key: Uint8Array) => Aead }
}>()("@peerage/secure/Crypto") {}

/** The primitives, as functions take them. */
export type Primitives = Crypto["Service"]
