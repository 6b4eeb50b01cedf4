/**
 * JSON exactly as Python's `json.dumps` writes it with its defaults, for protocols whose originals are in Python.
 *
 *     {"key": [1, 2.5, 1e-07, true, null, "\u00e9 \ud83d\ude00 \n \" \\ \u0001"]}
 *
 * ", " and ": " between things, ASCII only, floats as Python's `repr`. Neither direction throws, whatever it is given.
 */
import { Result } from "effect"
import { MalformedMessage } from "./LinkError.ts"
import * as PythonNumbers from "./PythonNumbers.ts"

/** A JSON value. Bigints are in it with Python's numbers only. */
export type Value = PythonNumbers.Value

/**
 * Which numbers there are, in both directions.
 *
 * - `json`: doubles. NaN, the infinities and bigints are refused, and integers beyond 2^53 lose precision.
 * - `python`: as Python has them. NaN and the infinities are bare words; an integer beyond 2^53, of up to 4300 digits, is
 *   a bigint, and any bigint is written as an integer.
 */
export type Numbers = "json" | "python"

/** Levels of nesting that `print` writes. An original reads about 990. */
const maxPrintedDepth = 128

/**
 * Levels of nesting that `parse` and the framing accept: twice what `print` writes, so that an echo still fits. People
 * do not nest messages that deep; a 2048-byte message of an original could, and is refused.
 */
export const maxDepth = 256

const noSuchNumber = "JSON has no NaN and no Infinity"
const tooManyDigits = `an integer of more than ${PythonNumbers.maxDigits} digits`

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Why a value cannot be written. */
class Refused {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/**
 * Writes a JSON value. Refuses what JSON has no words for: numbers as `numbers` says, undefined, functions, symbols,
 * objects that are not plain, and more than 128 levels, which is also how a cycle ends.
 *
 * Quirk: an integer up to 2^53 is written as Python's int, any other number as its float, as JavaScript has one number
 * type: Python's `1.0` comes back as `1`.
 */
export const print = (value: unknown, numbers: Numbers = "json"): Result.Result<Uint8Array, MalformedMessage> => {
  const text = write(value, numbers, maxPrintedDepth)
  return typeof text === "string"
    ? Result.succeed(encoder.encode(text))
    : Result.fail(new MalformedMessage({ reason: text.reason }))
}

/** Writes a string with its quotes. Lone surrogates are escaped like any other code unit, as Python does. */
export const quote = (text: string): string => plain.test(text) ? `"${text}"` : `"${text.replace(special, escape)}"`

// Code unit by code unit (no `u` flag): a character beyond U+FFFF becomes a surrogate pair of escapes.
const plain = /^[ !#-[\]-\x7f]*$/
const special = /["\\\x00-\x1f]|[^\x00-\x7f]/g
const shortEscapes: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\t", "\\t"],
  ["\r", "\\r"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\"", "\\\""],
  ["\\", "\\\\"]
])
const escape = (unit: string): string =>
  shortEscapes.get(unit) ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`

/** `levels` is how many levels of nesting are left. */
const write = (value: unknown, numbers: Numbers, levels: number): string | Refused => {
  switch (typeof value) {
    case "string":
      return quote(value)
    case "number":
      return numbers === "python" || Number.isFinite(value) ? PythonNumbers.print(value) : new Refused(noSuchNumber)
    case "bigint":
      return numbers === "python" ? integer(value) : new Refused("JSON has no bigint")
    case "boolean":
      return value ? "true" : "false"
    case "object":
      if (value === null) return "null"
      if (levels === 0) return new Refused(`nested deeper than ${maxPrintedDepth} levels`)
      return Array.isArray(value) ? list(value, numbers, levels - 1) : object(value, numbers, levels - 1)
    default:
      return new Refused(`JSON has no ${typeof value}`)
  }
}

const list = (values: ReadonlyArray<unknown>, numbers: Numbers, levels: number): string | Refused => {
  let text = "["
  for (const value of values) {
    const item = write(value, numbers, levels)
    if (typeof item !== "string") return item
    text += text.length === 1 ? item : `, ${item}`
  }
  return `${text}]`
}

/** Quirk: keys that look like array indices come first, in numeric order: no JavaScript object keeps their order. */
const object = (value: object, numbers: Numbers, levels: number): string | Refused => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return new Refused("not a plain object")
  let text = "{"
  for (const [key, member] of Object.entries(value)) {
    const item = write(member, numbers, levels)
    if (typeof item !== "string") return item
    text += text.length === 1 ? `${quote(key)}: ${item}` : `, ${quote(key)}: ${item}`
  }
  return `${text}}`
}

const integer = (value: bigint): string | Refused =>
  PythonNumbers.fits(value) ? String(value) : new Refused(tooManyDigits)

/**
 * Reads a JSON value. Fails on what is not UTF-8, on what is not exactly one value, on numbers that `numbers` does not
 * have, and beyond 256 levels.
 */
export const parse = (bytes: Uint8Array, numbers: Numbers = "json"): Result.Result<Value, MalformedMessage> => {
  // Each level takes two bytes, so only long messages can be too deep.
  if (bytes.length > 2 * maxDepth && inspect(bytes) === "deep") return tooDeep
  const value = Result.try({
    try: (): Value | undefined => read(decoder.decode(bytes), numbers),
    catch: () => new MalformedMessage({ reason: reasonFor(bytes, numbers) })
  })
  return Result.flatMap(value, (value) => value === undefined ? tooLong : Result.succeed(value))
}

const read = (text: string, numbers: Numbers): Value | undefined =>
  numbers === "python" ? PythonNumbers.read(text) : JSON.parse(text)

const tooDeep = Result.fail(new MalformedMessage({ reason: `nested deeper than ${maxDepth} levels` }))
const tooLong = Result.fail(new MalformedMessage({ reason: tooManyDigits }))

const reasonFor = (bytes: Uint8Array, numbers: Numbers): string => {
  if (Result.isFailure(Result.try(() => decoder.decode(bytes)))) return "not UTF-8"
  return numbers !== "python" && inspect(bytes) === "number" ? noSuchNumber : "not JSON"
}

/** Looks outside strings for too many levels, or for the capital letter that only NaN and Infinity begin with. */
const inspect = (bytes: Uint8Array): "deep" | "number" | undefined => {
  let depth = 0
  let quoted = false
  let named = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (quoted) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) quoted = false
    } else if (byte === 0x22) quoted = true
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > maxDepth) return "deep"
    } else if (byte === 0x7d || byte === 0x5d) depth--
    else if (byte === 0x4e || byte === 0x49) named = true
  }
  return named ? "number" : undefined
}
