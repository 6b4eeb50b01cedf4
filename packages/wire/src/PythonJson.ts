/**
 * JSON exactly as Python's `json.dumps` writes it with its defaults, for protocols whose originals are in Python.
 *
 *     {"key": [1, 2.5, 1e-07, true, null, "\u00e9 \ud83d\ude00 \n \" \\ \u0001"]}
 *
 * ", " and ": " as separators, ASCII only, floats as Python's `repr`. Neither direction ever throws.
 */
import { Result } from "effect"
import { Ascii } from "./Ascii.ts"
import { read } from "./json/Reading.ts"
import { begin, type Limits, scan } from "./json/Scan.ts"
import { Text } from "./json/Text.ts"
import { MalformedMessage } from "./LinkError.ts"
import * as PythonNumbers from "./PythonNumbers.ts"
import { finish, type Sliced } from "./Slices.ts"

export type { Limits } from "./json/Scan.ts"
export { memoryOf } from "./json/Weight.ts"

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
export const maxPrintedDepth = 128

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

/** Bounds of reading where nothing else is said: as many values as are read in a few hundredths of a second. */
export const defaults: Limits = { depth: maxDepth, values: 150_000 }

/**
 * Reads a JSON value, at once: for short texts. Fails where the bytes are not UTF-8 or not exactly one value, where a
 * number is not allowed by `numbers`, and beyond `limits`; no more than 256 levels are read.
 */
export const parse = (
  bytes: Uint8Array,
  numbers: Numbers = "json",
  limits: Limits = defaults
): Result.Result<Value, MalformedMessage> => Result.flatMap(decode(bytes), (text) => parseText(text, numbers, limits))

/** Reads a JSON value from text. Fails as `parse` does. */
export const parseText = (
  text: string,
  numbers: Numbers = "json",
  limits: Limits = defaults
): Result.Result<Value, MalformedMessage> => {
  // Each level takes two characters, and so does each value: only long texts can have too many.
  const needsScan = text.length > 2 * Math.min(maxDepth, limits.depth, limits.values)
  const broken = needsScan ? scan(text, begin(), bounded(limits)) : undefined
  return broken === undefined ? readAtOnce(text, numbers) : exceeded(broken, limits)
}

/** Reads a JSON value as `parse` does, in slices: however long the text is, each takes a few milliseconds. */
export function* parsing(
  bytes: Uint8Array,
  numbers: Numbers = "json",
  limits: Limits = defaults
): Sliced<Result.Result<Value, MalformedMessage>> {
  const decoded = decode(bytes)
  if (Result.isFailure(decoded)) return Result.fail(decoded.failure)
  const text = decoded.success
  const state = begin()
  while (state.at < text.length) {
    yield Math.min(unitsPerSlice, text.length - state.at)
    const broken = scan(text, state, bounded(limits), Math.min(text.length, state.at + unitsPerSlice))
    if (broken !== undefined) return exceeded(broken, limits)
  }
  return text.length <= shortUnits && state.values <= fewValues
    ? readAtOnce(text, numbers)
    : yield* readSlowly(text, numbers)
}

/** Characters that one slice looks over. */
const unitsPerSlice = 1_048_576

/** A text that is shorter and has fewer values is read at once, which takes a fifth of the time. */
const shortUnits = 1_048_576
const fewValues = 16_384

const decode = (bytes: Uint8Array): Result.Result<string, MalformedMessage> =>
  Result.try({ try: () => decoder.decode(bytes), catch: () => new MalformedMessage({ reason: "not UTF-8" }) })

/** Whether a text may have a number that `JSON.parse` reads otherwise. */
const isSpecial: { readonly [numbers in Numbers]: (text: string) => boolean } = {
  json: () => false,
  exact: PythonNumbers.hasLong,
  python: PythonNumbers.isSuspicious
}

const readAtOnce = (text: string, numbers: Numbers): Result.Result<Value, MalformedMessage> =>
  isSpecial[numbers](text)
    ? finish(readSlowly(text, numbers))
    : Result.try({ try: (): Value => JSON.parse(text), catch: () => notJson(text, numbers) })

function* readSlowly(text: string, numbers: Numbers): Sliced<Result.Result<Value, MalformedMessage>> {
  const tokens = new Text(text, numbers)
  const value = yield* read(tokens)
  if (value !== undefined) return Result.succeed(value)
  return Result.fail(tokens.tooManyDigits ? PythonNumbers.tooManyDigits : notJson(text, numbers))
}

const notJson = (text: string, numbers: Numbers): MalformedMessage => {
  const state = begin()
  if (numbers !== "python") scan(text, state, { depth: Infinity, values: Infinity })
  return new MalformedMessage({ reason: state.named ? noSuchNumber : "not JSON" })
}

const bounded = (limits: Limits): Limits => ({ ...limits, depth: Math.min(maxDepth, limits.depth) })

const exceeded = (broken: keyof Limits, limits: Limits): Result.Result<never, MalformedMessage> => {
  const { depth, values } = bounded(limits)
  const reason = broken === "depth" ? `nested deeper than ${depth} levels` : `more than ${values} values`
  return Result.fail(new MalformedMessage({ reason }))
}
