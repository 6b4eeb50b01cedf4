/**
 * Proof of a passphrase that tells nothing about it: CPACE-X25519-SHA512 (draft-irtf-cfrg-cpace-21), initiator and responder,
 * with the tags of its section on key confirmation.
 *
 *     initiator                            responder
 *         --- Ya (32) ------------------------>
 *         <----------------------- Yb (32) ----
 *         --- Ta (64) ------------------------>       the initiator proves itself first, so that a guess
 *         <----------------------- Tb (64) ----       is a wrong Ta, which the responder counts
 *
 * Its session id is the handshake's hash: a relay with keys of its own has two of them, and fails at both ends.
 */
import { Redacted } from "effect"
import { timingSafeEqual } from "effect/crypto/Mac"
import { concat, utf8 } from "../Bytes.ts"
import { keyLength, type Primitives } from "../Crypto.ts"
import * as Elligator from "./Elligator.ts"

/** Bytes of a share and of a tag. */
export const lengths = { share: keyLength, tag: 64 } as const

/** A length of the draft: seven bits a byte, the lowest first. */
const prefixed = (bytes: Uint8Array): Uint8Array => {
  const prefix: Array<number> = []
  let rest = bytes.length
  while (rest > 127) {
    prefix.push(rest & 127 | 128)
    rest >>= 7
  }
  return concat(Uint8Array.of(...prefix, rest), bytes)
}

/** The draft's `lv_cat`: each part behind its length. */
export const lengthValues = (...parts: ReadonlyArray<Uint8Array>): Uint8Array => concat(...parts.map(prefixed))

const domain = utf8("CPace255")
const keyDomain = utf8("CPace255_ISK")
const tagDomain = utf8("CPaceMac")
/** SHA-512 takes so many bytes at once: the passphrase fills the first of them alone. */
const block = 128

/** What the generator is made of. */
export interface Secret {
  /** The draft's PRS. */
  readonly passphrase: Redacted.Redacted<Uint8Array>
  /** The draft's CI: what both ends must agree on. */
  readonly channel: Uint8Array
  /** The draft's sid. */
  readonly session: Uint8Array
}

/** The draft's `calculate_generator`: a point that only those know who know the passphrase. */
export const generator = (crypto: Primitives, { channel, passphrase, session }: Secret): Uint8Array => {
  const secret = Redacted.value(passphrase)
  const used = prefixed(secret).length + prefixed(domain).length + 1
  const padding = new Uint8Array(Math.max(0, block - used))
  const hash = crypto.sha512(lengthValues(domain, secret, padding, channel, session))
  return Elligator.mapBytes(hash.subarray(0, keyLength))
}

/** One end's share, or message, and what it says beside it: the draft's Y and AD. */
export interface Share {
  readonly share: Uint8Array
  readonly associated: Uint8Array
}

/** The draft's ISK, from the shared point and both shares, the initiator's first. */
export const sessionKey = (
  crypto: Primitives,
  session: Uint8Array,
  point: Uint8Array,
  shares: readonly [Share, Share]
): Uint8Array =>
  crypto.sha512(concat(
    lengthValues(keyDomain, session, point),
    ...shares.map(({ associated, share }) => lengthValues(share, associated))
  ))

/** The end that speaks first, and the one that answers. */
export type Role = "initiator" | "responder"

/** What an end brings along. */
export interface CpaceOptions {
  readonly role: Role
  readonly passphrase: Redacted.Redacted<string>
  /** The handshake's hash. */
  readonly session: Uint8Array
}

/** An end that has drawn its share. Nothing secret is in it as a value. */
export interface Proof {
  readonly share: Uint8Array
  /** Takes the other's share, once; `undefined` where it is a point of low order, or no share: the peer broke the protocol. */
  readonly agree: (other: Uint8Array) => Agreement | undefined
}

/** Both ends have the other's share. */
export interface Agreement {
  /** This end's tag. */
  readonly tag: Uint8Array
  /** True when the other's tag shows that it knows the passphrase. Takes as long for a wrong one. */
  readonly confirms: (tag: Uint8Array) => boolean
}

const channel = utf8("peerage-secure/1")
const associated = { initiator: utf8("initiator"), responder: utf8("responder") } as const
const other = { initiator: "responder", responder: "initiator" } as const

/** The bytes of a passphrase: however it was typed, the same characters are the same bytes. */
const passphraseBytes = (passphrase: Redacted.Redacted<string>) =>
  Redacted.make(utf8(Redacted.value(passphrase).normalize("NFC")))

/** Draws a share for this session. */
export const begin = (crypto: Primitives, { passphrase, role, session }: CpaceOptions): Proof => {
  const scalar = crypto.random(keyLength)
  const point = generator(crypto, { passphrase: passphraseBytes(passphrase), channel, session })
  const own: Share = { share: crypto.scale(scalar, point) ?? new Uint8Array(keyLength), associated: associated[role] }

  const agree = (share: Uint8Array): Agreement | undefined => {
    if (share.length !== lengths.share) return undefined
    const shared = crypto.scale(scalar, share)
    if (shared === undefined) return undefined
    const theirs: Share = { share: share.slice(), associated: associated[other[role]] }
    const key = sessionKey(crypto, session, shared, role === "initiator" ? [own, theirs] : [theirs, own])
    const tagKey = crypto.sha512(concat(tagDomain, session, key))
    const tagOf = (end: Share) => crypto.hmac512(tagKey, lengthValues(end.share, end.associated))
    const expected = tagOf(theirs)
    return { tag: tagOf(own), confirms: (tag) => timingSafeEqual(tag, expected) }
  }
  return { share: own.share, agree }
}
