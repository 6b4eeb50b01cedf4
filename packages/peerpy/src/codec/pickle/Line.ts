/**
 * The lines of text that protocol 0 writes values as: `I42`, `I01` (True), `L42L`, `F1.5`, `S'it\'s'`, `V\u263a`. Each
 * function gives the value, or undefined when the line is not what Python writes there.
 */

/** Digits of the longest decimal integer, the same bound as Python's own: reading them takes more than linear time. */
const maxDigits = 4300

const decoder = new TextDecoder("utf-16le", { ignoreBOM: true })

/** The text of these code units, which hold no half of a surrogate pair; of bytes, the characters U+0000 to U+00FF. */
export const textOf = (units: Uint8Array | Uint16Array): string =>
  decoder.decode(units instanceof Uint16Array ? units : new Uint16Array(units))

const decimal = /^-?\d+$/

/** An index: digits only, of at most ten. */
export const index = (line: Uint8Array): number | undefined => {
  const text = line.length > 10 ? "" : textOf(line)
  return /^\d+$/.test(text) ? Number(text) : undefined
}

/** The argument of INT: a decimal integer, or 00 and 01 for False and True. */
export const integer = (line: Uint8Array): bigint | boolean | undefined => {
  const text = line.length > maxDigits + 1 ? "" : textOf(line)
  if (text === "00") return false
  if (text === "01") return true
  return decimal.test(text) ? BigInt(text) : undefined
}

/** The argument of LONG: a decimal integer, with an L behind it or without. */
export const long = (line: Uint8Array): bigint | undefined => {
  const text = line.length > maxDigits + 2 ? "" : textOf(line).replace(/L$/, "")
  return decimal.test(text) ? BigInt(text) : undefined
}

const maxFloatLength = 1024
const float64 = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const named: ReadonlyMap<string, number> = new Map([["inf", Infinity], ["-inf", -Infinity], ["nan", NaN]])

/** The argument of FLOAT: what Python's `repr` makes of a float. */
export const float = (line: Uint8Array): number | undefined => {
  const text = line.length > maxFloatLength ? "" : textOf(line)
  return named.get(text) ?? (float64.test(text) ? Number(text) : undefined)
}

const backslash = 0x5c

/** The value of a hexadecimal digit, or NaN. */
const digitOf = (byte: number | undefined = 0): number => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN
}

/** The number that `count` hexadecimal digits from `at` on make, or undefined when there are not as many. */
const hexadecimal = (line: Uint8Array, at: number, count: number): number | undefined => {
  let number = 0
  for (let index = at; index < at + count; index++) number = number * 16 + digitOf(line[index])
  return Number.isNaN(number) ? undefined : number
}

/** The character that an escape stands for, and how long the escape is. */
interface Escape {
  readonly code: number
  readonly length: number
}

/** Reads the escape at a backslash. One that means nothing stays as it is, with the byte behind it. */
type Unescape = (line: Uint8Array, at: number) => Escape | "literal" | "broken"

/** Goes byte by byte: a global replacement would hold all its matches at once, which take many times the line. */
const unescape = (line: Uint8Array, escape: Unescape): string | undefined => {
  if (!line.includes(backslash)) return textOf(line)
  const units = new Uint16Array(line.length)
  let size = 0
  for (let at = 0; at < line.length;) {
    const found = line[at] === backslash ? escape(line, at) : undefined
    if (found === "broken") return undefined
    if (found === undefined || found === "literal") {
      const end = Math.min(line.length, found === undefined ? at + 1 : at + 2)
      while (at < end) units[size++] = line[at++] ?? 0
    } else {
      if (found.code > 0xffff) units[size++] = 0xd7c0 + (found.code >> 10)
      units[size++] = found.code > 0xffff ? 0xdc00 + (found.code & 0x3ff) : found.code
      at += found.length
    }
  }
  return textOf(units.subarray(0, size))
}

/** What stands for itself or for a control character behind a backslash. */
const byteEscapes: ReadonlyMap<number, number> = new Map(
  Array.from("\\'\"abfnrtv", (letter, at) => [letter.charCodeAt(0), "\\'\"\x07\b\f\n\r\t\v".charCodeAt(at)])
)

const isOctal = (byte: number | undefined): byte is number => byte !== undefined && byte >= 0x30 && byte <= 0x37

const unescapeByte: Unescape = (line, at) => {
  const letter = line[at + 1]
  if (letter === undefined) return "broken"
  if (letter === 0x78) {
    const code = hexadecimal(line, at + 2, 2)
    return code === undefined ? "broken" : { code, length: 4 }
  }
  let code = 0
  let length = 1
  for (let digit = line[at + 1]; isOctal(digit) && length < 4; digit = line[at + length]) {
    code = code * 8 + digit - 0x30
    length++
  }
  if (length > 1) return { code: code & 0xff, length }
  const known = byteEscapes.get(letter)
  return known === undefined ? "literal" : { code: known, length: 2 }
}

/** The argument of STRING: what Python 2's `repr` makes of a str, in its quotes. The bytes are still to be decoded. */
export const string = (line: Uint8Array): string | undefined => {
  const quote = line[0]
  const quoted = line.length >= 2 && quote === line.at(-1) && (quote === 0x22 || quote === 0x27)
  return quoted ? unescape(line.subarray(1, -1), unescapeByte) : undefined
}

const unescapeCode: Unescape = (line, at) => {
  const letter = line[at + 1]
  if (letter !== 0x75 && letter !== 0x55) return "literal"
  const digits = letter === 0x75 ? 4 : 8
  const code = hexadecimal(line, at + 2, digits)
  const surrogate = code !== undefined && code >= 0xd800 && code <= 0xdfff
  return code === undefined || surrogate || code > 0x10ffff ? "broken" : { code, length: 2 + digits }
}

/**
 * The argument of UNICODE: the codec raw-unicode-escape, where a backslash is only special before u and U. Half a
 * surrogate pair is undefined too, even beside its other half: in Python they stay two characters.
 */
export const unicode = (line: Uint8Array): string | undefined => unescape(line, unescapeCode)
