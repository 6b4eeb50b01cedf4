/**
 * The public key of a peer as text: 43 characters, the base64url of the 32 bytes of an X25519 public key, without padding.
 *
 * It is a branded string, so it can be compared, printed, and used as the key of a Map. A key has one text only.
 */
import { type Brand, Result, Schema } from "effect"
import * as Base64Url from "effect/encoding/Base64Url"

/** 43 characters of base64url. */
export type PeerKey = string & Brand.Brand<"@peerage/transport/PeerKey">

/** Bytes of a key. */
export const length = 32

// The last character carries four bits: with two more set it would be another text of the same key.
const pattern = /^[\w-]{42}[AEIMQUYcgkosw048]$/

const isPeerKey = (text: unknown): text is PeerKey => typeof text === "string" && pattern.test(text)

/** The Schema of a peer's key as text. */
export const PeerKey = Schema.declare(isPeerKey, {
  identifier: "PeerKey",
  expected: "the key of a peer: 43 letters, digits, - and _"
})

/** Reads a key; `undefined` when the text is not one. */
export const parse = (text: string): PeerKey | undefined => isPeerKey(text) ? text : undefined

/** The text of a key's bytes; `undefined` unless there are 32 of them. */
export const fromBytes = (bytes: Uint8Array): PeerKey | undefined =>
  bytes.length === length ? parse(Base64Url.encode(bytes)) : undefined

/** The 32 bytes of a key. */
export const toBytes = (key: PeerKey): Uint8Array => Result.getOrThrow(Base64Url.decode(key))
