/** Byte strings, as the handshake and the admission put them together. */

/** Puts parts into `into` from `at` on, one behind the other. Returns where they end. */
export const gather = (parts: ReadonlyArray<Uint8Array>, into: Uint8Array, at: number): number => {
  let end = at
  for (const part of parts) {
    into.set(part, end)
    end += part.length
  }
  return end
}

/** All parts, one behind the other. */
export const concat = (...parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  gather(parts, whole, 0)
  return whole
}

const encoder = new TextEncoder()

/** The UTF-8 of a text. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** No bytes. */
export const none: Uint8Array = new Uint8Array(0)
