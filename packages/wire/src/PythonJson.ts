/**
 * JSON exactly as Python's `json.dumps` writes it with its defaults, for protocols whose originals are in Python.
 *
 *     {"key": [1, 2.5, 1e-07, true, null, "\u00e9 \ud83d\ude00 \n \" \\ \u0001"]}
 *
 * ", " and ": " as separators, ASCII only, floats as Python's `repr`. Neither direction ever throws.
 */
import { Result } from "effect"
import { Ascii } from "./Ascii.ts"
import { MalformedMessage } from "./LinkError.ts"
import * as PythonNumbers from "./PythonNumbers.ts"

/** A JSON value. It has bigints only where integers are exact. */
export type Value = PythonNumbers.Value

/**
 * Which numbers are allowed, in both directions.
 *
 * - `json`: doubles. NaN, the infinities and bigints are refused, and integers beyond 2^53 lose precision.
 * - `exact`: as `json`, but an integer beyond 2^53, of up to 4300 digits, is read as a bigint, and every bigint is
 *   written as an integer.
 * - `python`: Python's numbers. As `exact`, and NaN and the infinities are bare words.
 */
export type Numbers = "json" | "exact" | "python"

/** Levels of nesting that `print` writes. An original reads about 990. */
const maxPrintedDepth = 128

/**
 * Levels of nesting that `parse` and the framing accept: twice what `print` writes, so that an echo still fits. A
 * 2048-byte message of an original could be deeper, and is refused; no real message is.
 */
export const maxDepth = 256

const noSuchNumber = "JSON has no NaN and no Infinity"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/**
 * Writes a JSON value. Fails for values that JSON cannot express: numbers that `numbers` does not allow, undefined,
 * functions, symbols, objects that are not plain, and more than 128 levels (a cycle ends there too).
 *
 * Quirk: an integer up to 2^53 is written as Python's int and any other number as its float, as JavaScript has one number
 * type. Python's `1.0` comes back as `1`.
 */
export const print = (value: unknown, numbers: Numbers = "json"): Result.Result<Uint8Array, MalformedMessage> => {
  const ascii = new Ascii()
  return Result.map(printTo(ascii, value, numbers), () => ascii.take())
}

/** Writes a JSON value behind what was written before, for many values in one write. Writes nothing where it fails. */
export const printTo = (
  ascii: Ascii,
  value: unknown,
  numbers: Numbers = "json"
): Result.Result<void, MalformedMessage> => {
  const begin = ascii.length
  const refused = write(ascii, value, { numbers, levels: maxPrintedDepth })
  if (refused === undefined) return Result.void
  ascii.rewind(begin)
  return Result.fail(new MalformedMessage({ reason: refused }))
}

/** Writes a string with its quotes. Lone surrogates are escaped like any other code unit, as Python does. */
export const quote = (text: string): string => JSON.stringify(text).replace(beyondAscii, escape)

// Code unit by code unit (no `u` flag): a character beyond U+FFFF becomes a surrogate pair of escapes.
const beyondAscii = /[^\x00-\x7f]/g
const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`

/** Writes text, which never fails. Returns `undefined` like the functions that can fail. */
const put = (ascii: Ascii, text: string): undefined => {
  ascii.text(text)
}

const putString = (ascii: Ascii, text: string): undefined => {
  if (!ascii.plain(text)) ascii.text(quote(text))
}

interface Rules {
  readonly numbers: Numbers
  /** Levels of nesting that are left. */
  readonly levels: number
}

/** Writes a value. Returns why it cannot, or `undefined`. */
const write = (ascii: Ascii, value: unknown, rules: Rules): string | undefined => {
  switch (typeof value) {
    case "string":
      return putString(ascii, value)
    case "number":
      if (rules.numbers !== "python" && !Number.isFinite(value)) return noSuchNumber
      return put(ascii, PythonNumbers.print(value))
    case "bigint":
      if (rules.numbers === "json") return "JSON has no bigint"
      return PythonNumbers.fits(value) ? put(ascii, String(value)) : PythonNumbers.tooManyDigits.reason
    case "boolean":
      return put(ascii, value ? "true" : "false")
    case "object":
      if (value === null) return put(ascii, "null")
      if (rules.levels === 0) return `nested deeper than ${maxPrintedDepth} levels`
      return Array.isArray(value) ? list(ascii, value, within(rules)) : object(ascii, value, within(rules))
    default:
      return `JSON has no ${typeof value}`
  }
}

const within = ({ levels, numbers }: Rules): Rules => ({ numbers, levels: levels - 1 })

const list = (ascii: Ascii, values: ReadonlyArray<unknown>, rules: Rules): string | undefined => {
  let between = "["
  for (const value of values) {
    ascii.text(between)
    between = ", "
    const refused = write(ascii, value, rules)
    if (refused !== undefined) return refused
  }
  return put(ascii, values.length === 0 ? "[]" : "]")
}

/** Quirk: keys that look like array indices come first, in numeric order; JavaScript objects do not keep theirs. */
const object = (ascii: Ascii, value: object, rules: Rules): string | undefined => {
  if (!isPlainObject(value)) return "not a plain object"
  let between = "{"
  for (const key of Object.keys(value)) {
    ascii.text(between)
    between = ", "
    putString(ascii, key)
    ascii.text(": ")
    const refused = write(ascii, value[key], rules)
    if (refused !== undefined) return refused
  }
  return put(ascii, between === "{" ? "{}" : "}")
}

const isPlainObject = (value: object): value is Readonly<Record<string, unknown>> => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * Reads a JSON value. Fails where the bytes are not UTF-8 or not exactly one value, where a number is not allowed by
 * `numbers`, and beyond 256 levels.
 */
export const parse = (bytes: Uint8Array, numbers: Numbers = "json"): Result.Result<Value, MalformedMessage> =>
  Result.flatMap(Result.try({ try: () => decoder.decode(bytes), catch: notUtf8 }), (text) => parseText(text, numbers))

/** Reads a JSON value from text. Fails as `parse` does. */
export const parseText = (text: string, numbers: Numbers = "json"): Result.Result<Value, MalformedMessage> => {
  // Each level takes two characters, so only long texts can be too deep.
  if (text.length > 2 * maxDepth && inspect(text) === "deep") return tooDeep
  return Result.try({
    try: () => reads[numbers](text),
    catch: (error) =>
      error instanceof MalformedMessage ? error : new MalformedMessage({ reason: reasonFor(text, numbers) })
  })
}

const reads: { readonly [numbers in Numbers]: (text: string) => Value } = {
  json: (text) => JSON.parse(text),
  exact: PythonNumbers.readExact,
  python: PythonNumbers.read
}

const notUtf8 = () => new MalformedMessage({ reason: "not UTF-8" })
const tooDeep = Result.fail(new MalformedMessage({ reason: `nested deeper than ${maxDepth} levels` }))

const reasonFor = (text: string, numbers: Numbers): string =>
  numbers !== "python" && inspect(text) === "number" ? noSuchNumber : "not JSON"

/** Searches outside strings: for too many levels, or for the capital letter of NaN or Infinity. */
const inspect = (text: string): "deep" | "number" | undefined => {
  let depth = 0
  let quoted = false
  let named = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (quoted) {
      if (unit === 0x5c) i++
      else if (unit === 0x22) quoted = false
    } else if (unit === 0x22) quoted = true
    else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > maxDepth) return "deep"
    } else if (unit === 0x7d || unit === 0x5d) depth--
    else if (unit === 0x4e || unit === 0x49) named = true
  }
  return named ? "number" : undefined
}
