/**
 * Who a peer is: an X25519 key pair. `generate` draws one for this run; `KeyFile` of the entry for Node keeps one.
 *
 * People compare keys by their fingerprints: 3f2a-91bc-07de-55a1.
 */
import * as PeerKey from "@peerage/transport/PeerKey"
import { Effect, Redacted } from "effect"
import * as Hex from "effect/encoding/Hex"
import { Crypto, keyLength, type KeyPair, type Primitives } from "./Crypto.ts"
import { Reason } from "./SecureError.ts"

/** A key and its secret. */
export interface Identity {
  readonly key: PeerKey.PeerKey
  /** 32 bytes. Whoever has them is this peer. */
  readonly secret: Redacted.Redacted<Uint8Array>
}

/** The key pair of an identity, for a handshake. */
export const keyPair = (crypto: Primitives, { secret }: Identity): KeyPair => crypto.keyPair(Redacted.value(secret))

/** The identity of a secret. Throws a `TypeError` unless it has 32 bytes. */
export const fromSecret = (crypto: Primitives, secret: Redacted.Redacted<Uint8Array>): Identity => {
  const bytes = Redacted.value(secret)
  const key = bytes.length === keyLength ? PeerKey.fromBytes(crypto.keyPair(bytes).publicKey) : undefined
  if (key === undefined) throw new TypeError(`the secret of an identity has ${bytes.length} bytes of ${keyLength}`)
  return { key, secret }
}

/** An identity for this run. */
export const generate: Effect.Effect<Identity, never, Crypto> = Effect.map(
  Crypto,
  (crypto) => fromSecret(crypto, Redacted.make(crypto.random(keyLength)))
)

/** Four groups of four hexadecimal digits, for people: the beginning of SHA-256 of the key's bytes. */
export const fingerprint = (crypto: Primitives, key: PeerKey.PeerKey): string => {
  const digits = Hex.encode(crypto.sha256(PeerKey.toBytes(key)).subarray(0, 8))
  return [0, 4, 8, 12].map((at) => digits.slice(at, at + 4)).join("-")
}

/** The reason that another key answered than expected, with what people compare. */
export const mismatch = (
  crypto: Primitives,
  { actual, expected }: { readonly expected: PeerKey.PeerKey; readonly actual: PeerKey.PeerKey }
): Reason =>
  Reason.cases.KeyMismatch.make({
    expected,
    actual,
    fingerprints: { expected: fingerprint(crypto, expected), actual: fingerprint(crypto, actual) }
  })
