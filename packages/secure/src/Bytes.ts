/** Byte strings, as the handshake and the admission put them together. */

/** All parts, one behind the other. */
export const concat = (...parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const encoder = new TextEncoder()

/** The UTF-8 of a text. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** No bytes. */
export const none: Uint8Array = new Uint8Array(0)
