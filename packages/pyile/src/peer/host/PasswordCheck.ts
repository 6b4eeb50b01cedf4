/** Compares a password with what a joiner sent, in a time that tells nothing of the password. */
import { Redacted } from "effect"
import { timingSafeEqual } from "effect/crypto/Mac"
import type { Data } from "../../codec/Message.ts"

/** The first `length` UTF-16 code units of a text, two bytes each; zeros behind its end. Only the same text has the same. */
const units = (text: string, length: number): Uint8Array => {
  const bytes = new Uint8Array(2 * length)
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index)
    bytes[2 * index] = unit
    bytes[2 * index + 1] = unit >> 8
  }
  return bytes
}

/**
 * Whether the two are the same string, character for character. The time depends on the length of `shadow` alone: it
 * shows neither where the two differ nor how long the password is.
 */
export const matches = (password: Redacted.Redacted<string>, shadow: Redacted.Redacted<Data>): boolean => {
  const right = Redacted.value(password)
  const given = Redacted.value(shadow)
  const text = typeof given === "string" ? given : ""
  const same = timingSafeEqual(units(right, text.length), units(text, text.length))
  return same && typeof given === "string" && text.length === right.length
}
