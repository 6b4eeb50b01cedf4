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

/** Every integer with fewer characters is a safe one. */
const safeDigits = 16

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

/** Whether a text may have an integer that a double does not hold. */
export const hasLong = (text: string): boolean => hasLongDigits(text) && long.test(text)

/** Whether a text may have a number that `JSON.parse` does not read as Python does. */
export const isSuspicious = (text: string): boolean => named.test(text) || hasLong(text)

const integer = /^-?\d+$/

/** The value of a number in JSON: of an integer exactly. `undefined` for an integer of more than 4300 digits. */
export const fromDigits = (digits: string): number | bigint | undefined => {
  if (digits.length < safeDigits || !integer.test(digits)) return Number(digits)
  if (digits.length > maxDigits + (digits.startsWith("-") ? 1 : 0)) return undefined
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : BigInt(digits)
}
