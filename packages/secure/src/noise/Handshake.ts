/**
 * The handshake, without input or output: `Noise_XX_25519_ChaChaPoly_SHA256` or `Noise_XX_25519_AESGCM_SHA256`, Noise revision
 * 34, with empty payloads.
 *
 *     initiator                       responder
 *         --- e (32) ------------------->         first
 *         <-- e, ee, s, es (96) ---------         second
 *         --- s, se (64) --------------->         third
 *
 * Each step gives the next one, and can be taken once. The initiator learns the responder's key with the second message,
 * before it shows its own with the third; the responder learns the initiator's with the third.
 */
import * as PeerKey from "@peerage/transport/PeerKey"
import { Result } from "effect"
import { concat, none } from "../Bytes.ts"
import { keyLength, type KeyPair, type Primitives, tagLength } from "../Crypto.ts"
import { Reason } from "../SecureError.ts"
import type { Cipher, CipherOptions } from "./Cipher.ts"
import { Symmetric } from "./Symmetric.ts"

const sealedKey = keyLength + tagLength

/** Bytes of each message. */
export const lengths = {
  first: keyLength,
  second: keyLength + sealedKey + tagLength,
  third: sealedKey + tagLength
} as const

/** What an end brings along. */
export interface HandshakeOptions extends CipherOptions {
  readonly identity: KeyPair
  /** What both ends must agree on without saying it. */
  readonly prologue: Uint8Array
}

/** A handshake that is over. */
export interface Established {
  /** The key of the other end, which has proved that it has the secret. */
  readonly key: PeerKey.PeerKey
  readonly send: Cipher
  readonly receive: Cipher
  /** The handshake hash: 32 bytes, the same at both ends and in no other handshake. */
  readonly hash: Uint8Array
}

/**
 * A message was not what it has to be: `ProtocolViolation` for a wrong length or a key that is none, `Tampered` for one that
 * does not open, as of another prologue.
 */
export type Refusal = typeof Reason.cases.ProtocolViolation.Type | typeof Reason.cases.Tampered.Type

/** The initiator has sent the first message. */
export interface Initiator {
  readonly first: Uint8Array
  /** Reads the second message. */
  readonly read: (second: Uint8Array) => Result.Result<Answered, Refusal>
}

/** The initiator knows who answered. */
export interface Answered {
  readonly key: PeerKey.PeerKey
  /** Writes the third message, which shows the initiator's key. */
  readonly finish: () => Established & { readonly third: Uint8Array }
}

/** The responder waits for the first message. */
export interface Responder {
  readonly read: (first: Uint8Array) => Result.Result<Responded, Refusal>
}

/** The responder has sent the second message. */
export interface Responded {
  readonly second: Uint8Array
  /** Reads the third message. */
  readonly read: (third: Uint8Array) => Result.Result<Established, Refusal>
}

const violation = Result.fail(Reason.cases.ProtocolViolation.make({}))
const tampered = Result.fail(Reason.cases.Tampered.make({}))

/** A step whose second time would use keys and nonces again. */
const once = <Args extends ReadonlyArray<unknown>, A>(step: (...args: Args) => A) => {
  let taken = false
  return (...args: Args): A => {
    if (taken) throw new TypeError("a step of a handshake was taken twice")
    taken = true
    return step(...args)
  }
}

/** Mixes a shared secret; false where there is none, as with a point of low order. */
const mixed = (symmetric: Symmetric, shared: Uint8Array | undefined): boolean => {
  if (shared !== undefined) symmetric.mixKey(shared)
  return shared !== undefined
}

/** An identity has one text only: a coordinate beyond the field, or its unused bit, would be another text for the same key. */
const isCanonical = (point: Uint8Array): boolean => {
  const last = point[keyLength - 1] ?? 0
  return last < 127 || last === 127 && ((point[0] ?? 0) < 237 || point.subarray(1, -1).some((byte) => byte < 255))
}

/** Opens a static key and mixes its secret with `local`. */
const openIdentity = (
  symmetric: Symmetric,
  sealed: Uint8Array,
  local: KeyPair
): Result.Result<PeerKey.PeerKey, Refusal> => {
  const point = symmetric.openAndHash(sealed)
  if (point === undefined) return tampered
  const key = isCanonical(point) ? PeerKey.fromBytes(point) : undefined
  return key !== undefined && mixed(symmetric, local.agree(point)) ? Result.succeed(key) : violation
}

const newEphemeral = (crypto: Primitives): KeyPair => crypto.keyPair(crypto.random(keyLength))

/** Begins a handshake. */
export const initiate = (crypto: Primitives, options: HandshakeOptions): Initiator => {
  const { identity, prologue, suite } = options
  const symmetric = new Symmetric(crypto, suite, prologue)
  const ephemeral = newEphemeral(crypto)
  symmetric.mixHash(ephemeral.publicKey)
  symmetric.sealAndHash(none)

  const finish = (key: PeerKey.PeerKey, shared: Uint8Array) => () => {
    const sealed = symmetric.sealAndHash(identity.publicKey)
    symmetric.mixKey(shared)
    const third = concat(sealed, symmetric.sealAndHash(none))
    const [send, receive] = symmetric.split(options)
    return { key, third, send, receive, hash: symmetric.hash }
  }

  const read = (second: Uint8Array): Result.Result<Answered, Refusal> => {
    if (second.length !== lengths.second) return violation
    const remote = second.slice(0, keyLength)
    symmetric.mixHash(remote)
    if (!mixed(symmetric, ephemeral.agree(remote))) return violation
    const opened = openIdentity(symmetric, second.slice(keyLength, keyLength + sealedKey), ephemeral)
    if (Result.isFailure(opened)) return Result.fail(opened.failure)
    if (symmetric.openAndHash(second.slice(keyLength + sealedKey)) === undefined) return tampered
    const shared = identity.agree(remote)
    if (shared === undefined) return violation
    return Result.succeed({ key: opened.success, finish: once(finish(opened.success, shared)) })
  }
  return { first: ephemeral.publicKey, read: once(read) }
}

/** Waits for a handshake. */
export const respond = (crypto: Primitives, options: HandshakeOptions): Responder => {
  const { identity, prologue, suite } = options
  const symmetric = new Symmetric(crypto, suite, prologue)

  const readThird = (ephemeral: KeyPair) => (third: Uint8Array): Result.Result<Established, Refusal> => {
    if (third.length !== lengths.third) return violation
    const opened = openIdentity(symmetric, third.slice(0, sealedKey), ephemeral)
    if (Result.isFailure(opened)) return Result.fail(opened.failure)
    if (symmetric.openAndHash(third.slice(sealedKey)) === undefined) return tampered
    const [receive, send] = symmetric.split(options)
    return Result.succeed({ key: opened.success, send, receive, hash: symmetric.hash })
  }

  const readFirst = (first: Uint8Array): Result.Result<Responded, Refusal> => {
    if (first.length !== lengths.first) return violation
    const remote = first.slice()
    symmetric.mixHash(remote)
    symmetric.openAndHash(none)
    const ephemeral = newEphemeral(crypto)
    symmetric.mixHash(ephemeral.publicKey)
    if (!mixed(symmetric, ephemeral.agree(remote))) return violation
    const sealed = symmetric.sealAndHash(identity.publicKey)
    if (!mixed(symmetric, identity.agree(remote))) return violation
    const second = concat(ephemeral.publicKey, sealed, symmetric.sealAndHash(none))
    return Result.succeed({ second, read: once(readThird(ephemeral)) })
  }
  return { read: once(readFirst) }
}
