/** Python's integers as LONG1 and LONG4 carry them: two's complement, little-endian, as few bytes as do, none for 0. */
import * as Hex from "effect/encoding/Hex"

/**
 * Bytes of the largest integer that is read or written, about 157,000 digits. Python has no bound; printing or
 * multiplying a number takes time that grows faster than its length.
 */
export const maxIntegerBytes = 65_536

/** Reads an integer of any length in time proportional to it. */
export const decode = (bytes: Uint8Array): bigint =>
  bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${Hex.encode(bytes.toReversed())}`))

/** Writes an integer. */
export const encode = (value: bigint): Uint8Array => {
  if (value === 0n) return new Uint8Array(0)
  // The bits of -n - 1 are those of n inverted, so the magnitude needs as many bytes without the sign.
  const magnitude = (value < 0n ? ~value : value).toString(16)
  const digits = magnitude.length + magnitude.length % 2
  const signed = /^[89a-f]/.test(magnitude) && magnitude.length % 2 === 0 ? digits + 2 : digits
  const text = BigInt.asUintN(4 * signed, value).toString(16).padStart(signed, "0")
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).reverse()
}
