/** The primitives in plain JavaScript, for browsers and every other platform. Needs the three optional peers of this package. */
import { gcm } from "@noble/ciphers/aes.js"
import { chacha20poly1305 } from "@noble/ciphers/chacha.js"
import { x25519 } from "@noble/curves/ed25519.js"
import { hmac } from "@noble/hashes/hmac.js"
import { sha256, sha512 } from "@noble/hashes/sha2.js"
import { Layer } from "effect"
import { concat, gather } from "../Bytes.ts"
import { type Aead, Crypto, tagLength } from "../Crypto.ts"

/** A result of zeros is an exception, and nothing else can fail: all keys have the right length. */
const scale = (scalar: Uint8Array, point: Uint8Array): Uint8Array | undefined => {
  try {
    return x25519.getSharedSecret(scalar, point)
  } catch {
    return undefined
  }
}

const chacha = (key: Uint8Array): Aead => ({
  seal: (nonce, associated, parts, into, at) => {
    const end = gather(parts, into, at)
    const sealed = into.subarray(at, end + tagLength)
    chacha20poly1305(key, nonce, associated).encrypt(into.subarray(at, end), sealed)
    return sealed.length
  },
  // The tag is looked at before anything is overwritten.
  open: (nonce, associated, sealed, where) => {
    if (sealed.length < tagLength) return undefined
    try {
      return chacha20poly1305(key, nonce, associated).decrypt(
        sealed,
        where === "elsewhere" ? undefined : sealed.subarray(0, -tagLength)
      )
    } catch {
      return undefined
    }
  }
})

/** Its tables make it slow, and its time may tell of the key: only for dialers that ask for it. */
const aes = (key: Uint8Array): Aead => ({
  seal: (nonce, associated, parts, into, at) => {
    const sealed = gcm(key, nonce, associated).encrypt(concat(...parts))
    into.set(sealed, at)
    return sealed.length
  },
  open: (nonce, associated, sealed) => {
    if (sealed.length < tagLength) return undefined
    try {
      return gcm(key, nonce, associated).decrypt(sealed)
    } catch {
      return undefined
    }
  }
})

/** The primitives. */
export const primitives: Crypto["Service"] = {
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  keyPair: (secret) => {
    const kept = secret.slice()
    return { publicKey: x25519.getPublicKey(kept), agree: (point) => scale(kept, point) }
  },
  scale,
  sha256,
  sha512,
  hmac256: (key, bytes) => hmac(sha256, key, bytes),
  hmac512: (key, bytes) => hmac(sha512, key, bytes),
  preferred: "ChaChaPoly",
  aead: { ChaChaPoly: chacha, AESGCM: aes }
}

/** The primitives as a service. */
export const layer: Layer.Layer<Crypto> = Layer.succeed(Crypto, primitives)
