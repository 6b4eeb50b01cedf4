/** The primitives of OpenSSL, through `node:crypto`. */
import { Layer } from "effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as OpenSsl from "node:crypto"
import { gather, none } from "../Bytes.ts"
import { type Aead, Crypto, keyLength, tagLength } from "../Crypto.ts"
import { cpuFeatures, preferredOn } from "./Preferred.ts"

const bytesOf = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)

// As JWK, importing a key costs a tenth of what it costs as PKCS#8. Node takes the public part `x` of a secret key as it
// is and computes nothing with it, so zeros do; a test fails when a release of Node begins to look at it.
const okp = { kty: "OKP", crv: "X25519" }
const ignored = Base64Url.encode(new Uint8Array(keyLength))

const secretKey = (scalar: Uint8Array): OpenSsl.KeyObject =>
  OpenSsl.createPrivateKey({ key: { ...okp, d: Base64Url.encode(scalar), x: ignored }, format: "jwk" })

const publicKey = (point: Uint8Array): OpenSsl.KeyObject =>
  OpenSsl.createPublicKey({ key: { ...okp, x: Base64Url.encode(point) }, format: "jwk" })

const basePoint = publicKey(Uint8Array.of(9, ...new Uint8Array(keyLength - 1)))

/** OpenSSL refuses a result of zeros by an exception, and nothing else can fail: all keys have the right length. */
const derive = (secret: OpenSsl.KeyObject, point: OpenSsl.KeyObject): Uint8Array | undefined => {
  try {
    return bytesOf(OpenSsl.diffieHellman({ privateKey: secret, publicKey: point }))
  } catch {
    return undefined
  }
}

const keyPair = (scalar: Uint8Array) => {
  const secret = secretKey(scalar)
  return {
    // With the base point the result is never zero.
    publicKey: derive(secret, basePoint) ?? new Uint8Array(keyLength),
    agree: (point: Uint8Array) => derive(secret, publicKey(point))
  }
}

/** How OpenSSL begins to seal and to open. */
interface Algorithm {
  readonly cipher: (key: OpenSsl.KeyObject, nonce: Uint8Array) => OpenSsl.CipherGCM | OpenSsl.CipherChaCha20Poly1305
  readonly decipher: (
    key: OpenSsl.KeyObject,
    nonce: Uint8Array
  ) => OpenSsl.DecipherGCM | OpenSsl.DecipherChaCha20Poly1305
}

// With the length, OpenSSL refuses shorter tags.
const options = { authTagLength: tagLength }

const chacha: Algorithm = {
  cipher: (key, nonce) => OpenSsl.createCipheriv("chacha20-poly1305", key, nonce, options),
  decipher: (key, nonce) => OpenSsl.createDecipheriv("chacha20-poly1305", key, nonce, options)
}

const aes: Algorithm = {
  cipher: (key, nonce) => OpenSsl.createCipheriv("aes-256-gcm", key, nonce, options),
  decipher: (key, nonce) => OpenSsl.createDecipheriv("aes-256-gcm", key, nonce, options)
}

// OpenSSL's output has memory of its own outside of the heap. Left to the collector, it costs more than the sealing.
const free = ({ buffer, byteLength }: Buffer): void => {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}

/** What was begun ahead, and the nonce that it is good for. */
interface Ahead<Begun> {
  readonly nonce: Uint8Array
  readonly begun: Begun
}

/** What was begun with this nonce, if it was. */
const begunWith = <Begun>(nonce: Uint8Array, ahead: Ahead<Begun> | undefined): Begun | undefined =>
  ahead?.nonce.every((byte, index) => byte === nonce[index]) === true ? ahead.begun : undefined

// A `KeyObject` made once: with its key as bytes, a cipher costs several times as much for a short record.
const aead = ({ decipher: decipherOf, cipher: cipherOf }: Algorithm) => (key: Uint8Array): Aead => {
  const secret = OpenSsl.createSecretKey(key)
  let sealing: Ahead<ReturnType<typeof cipherOf>> | undefined
  let opening: Ahead<ReturnType<typeof decipherOf>> | undefined
  return {
    prepare: (use, nonce) => {
      if (use === "seal") sealing = { nonce: nonce.slice(), begun: cipherOf(secret, nonce) }
      else opening = { nonce: nonce.slice(), begun: decipherOf(secret, nonce) }
    },
    seal: (nonce, associated, parts, into, at) => {
      const cipher = begunWith(nonce, sealing) ?? cipherOf(secret, nonce)
      sealing = undefined
      if (associated.length > 0) cipher.setAAD(associated, { plaintextLength: 0 })
      // Each call of OpenSSL costs more than copying a short part, and OpenSSL's own output has to be copied anyway.
      const [first = none] = parts
      const plain = parts.length < 2 ? first : into.subarray(at, gather(parts, into, at))
      const sealed = cipher.update(plain)
      into.set(sealed, at)
      free(sealed)
      const end = at + plain.length
      cipher.final()
      into.set(cipher.getAuthTag(), end)
      return end + tagLength - at
    },
    open: (nonce, associated, sealed, where) => {
      const end = sealed.length - tagLength
      if (end < 0) return undefined
      const decipher = begunWith(nonce, opening) ?? decipherOf(secret, nonce)
      opening = undefined
      if (associated.length > 0) decipher.setAAD(associated, { plaintextLength: 0 })
      decipher.setAuthTag(sealed.subarray(end))
      const body = sealed.subarray(0, end)
      const plain = decipher.update(body)
      try {
        decipher.final()
      } catch {
        return undefined
      }
      if (where === "elsewhere") return bytesOf(plain)
      body.set(plain)
      free(plain)
      return body
    }
  }
}

const hmac = (name: "sha256" | "sha512") => (key: Uint8Array, bytes: Uint8Array): Uint8Array =>
  bytesOf(OpenSsl.createHmac(name, key).update(bytes).digest())

const hash = (name: "sha256" | "sha512") => (bytes: Uint8Array): Uint8Array =>
  bytesOf(OpenSsl.hash(name, bytes, "buffer"))

/** The primitives. */
export const primitives: Crypto["Service"] = {
  random: (length) => bytesOf(OpenSsl.randomBytes(length)),
  keyPair,
  scale: (scalar, point) => derive(secretKey(scalar), publicKey(point)),
  sha256: hash("sha256"),
  sha512: hash("sha512"),
  hmac256: hmac("sha256"),
  hmac512: hmac("sha512"),
  preferred: preferredOn({ arch: process.arch, platform: process.platform, features: cpuFeatures }),
  aead: { ChaChaPoly: aead(chacha), AESGCM: aead(aes) }
}

/** The primitives as a service. Needs no package beside Node. */
export const layer: Layer.Layer<Crypto> = Layer.succeed(Crypto, primitives)
