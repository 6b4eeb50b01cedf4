/**
 * The lines of text that protocol 0 writes values as: `I42`, `I01` (True), `L42L`, `F1.5`, `S'it\'s'`, `V\u263a`. Each
 * function gives the value, or undefined when the line is not what Python writes there.
 */

/** Digits of the longest decimal integer, the same bound as Python's own: reading them takes more than linear time. */
export const maxDigits = 4300

const piece = 8192

/** The characters U+0000 to U+00FF, a byte each. */
export const latin1 = (bytes: Uint8Array): string => {
  let text = ""
  for (let at = 0; at < bytes.length; at += piece) text += String.fromCharCode(...bytes.subarray(at, at + piece))
  return text
}

const decimal = /^-?\d+$/

/** An index: digits only, of at most ten. */
export const index = (line: Uint8Array): number | undefined => {
  const text = line.length > 10 ? "" : latin1(line)
  return /^\d+$/.test(text) ? Number(text) : undefined
}

/** The argument of INT: a decimal integer, or 00 and 01 for False and True. */
export const integer = (line: Uint8Array): bigint | boolean | undefined => {
  const text = line.length > maxDigits + 1 ? "" : latin1(line)
  if (text === "00") return false
  if (text === "01") return true
  return decimal.test(text) ? BigInt(text) : undefined
}

/** The argument of LONG: a decimal integer, with an L behind it or without. */
export const long = (line: Uint8Array): bigint | undefined => {
  const text = line.length > maxDigits + 2 ? "" : latin1(line).replace(/L$/, "")
  return decimal.test(text) ? BigInt(text) : undefined
}

const maxFloatLength = 1024
const float64 = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const named: ReadonlyMap<string, number> = new Map([["inf", Infinity], ["-inf", -Infinity], ["nan", NaN]])

/** The argument of FLOAT: what Python's `repr` makes of a float. */
export const float = (line: Uint8Array): number | undefined => {
  const text = line.length > maxFloatLength ? "" : latin1(line)
  return named.get(text) ?? (float64.test(text) ? Number(text) : undefined)
}

const quoted = /^(?:'[^]*'|"[^]*")$/
const byteEscape = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|([^]?))/g
const byteEscapes: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ["\"", "\""],
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"]
])

/** The argument of STRING: what Python 2's `repr` makes of a str, in its quotes. The bytes are still to be decoded. */
export const string = (line: Uint8Array): string | undefined => {
  const text = latin1(line)
  if (text.length < 2 || !quoted.test(text)) return undefined
  let broken = false
  const bytes = text.slice(1, -1).replace(byteEscape, (whole, octal?: string, hex?: string, letter?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (letter === "" || letter === "x") broken = true
    return byteEscapes.get(letter ?? "") ?? whole
  })
  return broken ? undefined : bytes
}

const codeEscape = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g

/**
 * The argument of UNICODE: the codec raw-unicode-escape, where a backslash is only special before u and U. Half a
 * surrogate pair is undefined too, even beside its other half: in Python they stay two characters.
 */
export const unicode = (line: Uint8Array): string | undefined => {
  let broken = false
  const text = latin1(line).replace(codeEscape, (whole, four?: string, eight?: string, letter?: string) => {
    const code = Number.parseInt(four ?? eight ?? "0", 16)
    const surrogate = code >= 0xd800 && code <= 0xdfff
    if (letter === "u" || letter === "U" || surrogate || code > 0x10ffff) broken = true
    return letter !== undefined || broken ? whole : String.fromCodePoint(code)
  })
  return broken ? undefined : text
}
