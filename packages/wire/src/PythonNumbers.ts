/**
 * The numbers of Python's JSON, in both directions: doubles in the digits of Python's `repr`, and the numbers that JSON
 * cannot express (NaN, the infinities, and integers that a double does not hold exactly).
 *
 *     1.0 -> 1    1e-07 -> 1e-7    NaN -> NaN    9007199254740993 -> 9007199254740993n
 */
import { MalformedMessage } from "./LinkError.ts"

/** A JSON value. Integers beyond the safe ones are bigints. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | ReadonlyArray<Value>
  | { readonly [key: string]: Value }

/** Decimal digits of the longest integer that Python 3.11 and later reads or writes. */
const maxDigits = 4300

const bound = 10n ** BigInt(maxDigits)

/** Why an integer is refused. */
export const tooManyDigits = new MalformedMessage({ reason: `an integer of more than ${maxDigits} digits` })

/** Whether an integer has no more than 4300 digits. */
export const fits = (value: bigint): boolean => value < bound && value > -bound

/**
 * Writes a double. NaN and the infinities are bare words.
 *
 * Both languages print the shortest digits that read back. They differ in when they use an exponent, and in its form.
 */
export const print = (value: number): string => {
  if (Object.is(value, -0)) return "-0.0"
  if (Number.isSafeInteger(value) || !Number.isFinite(value)) return String(value)
  const [digits = "", exponent = ""] = value.toExponential().split("e")
  const power = Number(exponent)
  if (power < -4 || power >= 16) {
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`
  }
  const text = String(value)
  return text.includes(".") ? text : `${text}.0`
}

// These match every text with one of Python's own numbers, and some texts without: a string may look like one.
const named = /NaN|Infinity/
const long = /(?:^|[-[:,\s])[1-9]\d{15}/

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

/** Whether 16 digits are in a row. Every 16th character is enough to look at: such a row covers one of them. */
const hasLongDigits = (text: string): boolean => {
  for (let i = 15; i < text.length; i += 16) {
    if (!isDigit(text.charCodeAt(i))) continue
    let [begin, end] = [i, i + 1]
    while (isDigit(text.charCodeAt(begin - 1))) begin--
    while (isDigit(text.charCodeAt(end))) end++
    if (end - begin >= 16) return true
  }
  return false
}

const hasLong = (text: string): boolean => hasLongDigits(text) && long.test(text)

const isSuspicious = (text: string): boolean => named.test(text) || hasLong(text)

/**
 * Reads JSON with Python's numbers. Throws as `JSON.parse` does, and a `MalformedMessage` where an integer has more than
 * 4300 digits. Text without these numbers goes to `JSON.parse` directly.
 */
export const read = (text: string): Value =>
  isSuspicious(text) ? JSON.parse(substituted(text), restored) : JSON.parse(text)

/** Reads JSON with exact integers and without the words that are no JSON. Throws as `read` does. */
export const readExact = (text: string): Value => hasLong(text) ? JSON.parse(text, exactly) : JSON.parse(text)

const integer = /^-?\d+$/
const tooLong = new RegExp(`^-?[1-9]\\d{${maxDigits},}$`)
const tokens = /\\[^]|"|[^"\\[\]{}:, \t\r\n]+/g

// Numbers, as no key can be one: text with one of these words as a key stays invalid. A zero in this form stands for NaN,
// so one that was there becomes a plain zero.
const substitutes: ReadonlyMap<string, string> = new Map([
  ["NaN", "0e0"],
  ["0e0", "0"],
  ["Infinity", "1e999"],
  ["-Infinity", "-1e999"]
])

/** Replaces the words that are no JSON, outside strings. Throws where an integer is too long. */
const substituted = (text: string): string => {
  let quoted = false
  return text.replace(tokens, (token) => {
    if (token === "\"") quoted = !quoted
    if (quoted) return token
    if (token.length > maxDigits && tooLong.test(token)) throw tooManyDigits
    return substitutes.get(token) ?? token
  })
}

/** A number as it was substituted, and otherwise from its digits. */
const restored = (key: string, value: Value, context?: { readonly source?: string }): Value =>
  context?.source === "0e0" ? Number.NaN : exactly(key, value, context)

/** Reads a number from its digits, where the double that they became is not exactly that. */
const exactly = (_key: string, value: Value, context?: { readonly source?: string }): Value => {
  const digits = context?.source ?? ""
  if (digits.length > maxDigits && tooLong.test(digits)) throw tooManyDigits
  return typeof value === "number" && !Number.isSafeInteger(value) && integer.test(digits) ? BigInt(digits) : value
}
