/**
 * The map Elligator 2 to curve25519 (RFC 9380, section 6.7.1), as far as X25519 needs it: the u coordinate alone.
 *
 * Not constant-time: its input is a hash of the passphrase together with a session id that is new in every handshake, and it
 * runs once an admission.
 */

const prime = 2n ** 255n - 19n
const coefficient = 486_662n

const reduced = (value: bigint): bigint => {
  const rest = value % prime
  return rest < 0n ? rest + prime : rest
}

const power = (base: bigint, exponent: bigint): bigint => {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = result * square % prime
    square = square * square % prime
  }
  return result
}

/** The u coordinate of a point for any field element. */
export const map = (element: bigint): bigint => {
  // The denominator is never zero: -1/2 is no square in this field.
  const denominator = reduced(1n + 2n * element * element)
  const candidate = reduced(-coefficient * power(denominator, prime - 2n))
  const right = reduced(candidate * (candidate * (candidate + coefficient) + 1n))
  const isSquare = power(right, (prime - 1n) / 2n) !== prime - 1n
  return isSquare ? candidate : reduced(-candidate - coefficient)
}

const fromBytes = (bytes: Uint8Array): bigint => bytes.reduceRight((value, byte) => value << 8n | BigInt(byte), 0n)

const toBytes = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number(value >> BigInt(8 * i) & 255n))

/** `map` of 32 bytes, little-endian, the highest bit of which does not count. */
export const mapBytes = (bytes: Uint8Array): Uint8Array => toBytes(map(reduced(fromBytes(bytes) % 2n ** 255n)))
