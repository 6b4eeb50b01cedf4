/**
 * The numbers of Python's JSON, in both directions: doubles in the digits of Python's `repr`, and the numbers that JSON
 * cannot express (NaN, the infinities, and integers that a double does not hold exactly).
 *
 *     1.0 -> 1    1e-07 -> 1e-7    NaN -> NaN    9007199254740993 -> 9007199254740993n
 */

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
export const maxDigits = 4300

const bound = 10n ** BigInt(maxDigits)

/** Whether an integer has no more than 4300 digits. */
export const fits = (value: bigint): boolean => value < bound && value > -bound

/**
 * Writes a double. NaN and the infinities are bare words.
 *
 * Both languages print the shortest digits that read back. They differ in when they use an exponent, and in its form.
 */
export const print = (value: number): string => {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value)
  if (!Number.isFinite(value)) return String(value)
  const [digits = "", exponent = ""] = value.toExponential().split("e")
  const power = Number(exponent)
  if (power < -4 || power >= 16) {
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`
  }
  if (Object.is(value, -0)) return "-0.0"
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

const isSuspicious = (text: string): boolean => named.test(text) || hasLongDigits(text) && long.test(text)

/**
 * Reads JSON with Python's numbers. Returns `undefined` where an integer has more than 4300 digits, and throws as
 * `JSON.parse` does. Text without these numbers goes to `JSON.parse` directly.
 */
export const read = (text: string): Value | undefined => {
  if (!isSuspicious(text)) return JSON.parse(text)
  const wrapped = wrap(text)
  return wrapped === undefined ? undefined : unwrap(JSON.parse(wrapped))
}

/** The value of wrapped text: every string and key begins with an `s`, so that none is taken for a wrapped number. */
type Wrapped = null | boolean | number | string | ReadonlyArray<Wrapped> | { readonly [key: string]: Wrapped }

/**
 * Replaces Python's numbers by JSON that no key can be, so that text with a number as a key stays invalid:
 * `{"i":"9007199254740993"}`, `{"n":0}`, and for the infinities numbers that are too large for a double.
 */
const wrap = (text: string): string | undefined => {
  let wrapped = ""
  let copied = 0
  let index = 0
  while (index < text.length) {
    const begin = index
    if (text[index] === "\"") {
      index = endOfString(text, index)
      wrapped += `${text.slice(copied, begin)}"s`
      copied = begin + 1
    } else if (isDelimiter(text.charCodeAt(index))) index++
    else {
      index = endOfWord(text, index)
      const word = text.slice(begin, index)
      const substitute = substituteFor(word)
      if (substitute === undefined) return undefined
      if (substitute === word) continue
      wrapped += text.slice(copied, begin) + substitute
      copied = index
    }
  }
  return wrapped + text.slice(copied)
}

const endOfString = (text: string, begin: number): number => {
  let index = begin + 1
  while (index < text.length && text[index] !== "\"") index += text[index] === "\\" ? 2 : 1
  return index + 1
}

const endOfWord = (text: string, begin: number): number => {
  let index = begin
  while (index < text.length && !isDelimiter(text.charCodeAt(index))) index++
  return index
}

const delimiters: ReadonlySet<number> = new Set(Array.from("\"[]{}:, \t\r\n", (delimiter) => delimiter.charCodeAt(0)))
const isDelimiter = (unit: number): boolean => delimiters.has(unit)

const bareWords: ReadonlyMap<string, string> = new Map([
  ["NaN", "{\"n\":0}"],
  ["Infinity", "1e999"],
  ["-Infinity", "-1e999"]
])

const longInteger = /^-?[1-9]\d{15,}$/

/** What replaces a word: itself where it is none of Python's numbers, `undefined` where it has too many digits. */
const substituteFor = (word: string): string | undefined => {
  if (!longInteger.test(word)) return bareWords.get(word) ?? word
  if (Number.isSafeInteger(Number(word))) return word
  const digits = word.startsWith("-") ? word.length - 1 : word.length
  return digits > maxDigits ? undefined : `{"i":"${word}"}`
}

const isList = (value: object): value is ReadonlyArray<Wrapped> => Array.isArray(value)

const unwrap = (value: Wrapped): Value => {
  if (typeof value === "string") return value.slice(1)
  if (typeof value !== "object" || value === null) return value
  if (isList(value)) return value.map(unwrap)
  if (typeof value["i"] === "string") return BigInt(value["i"])
  if (value["n"] === 0) return Number.NaN
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.slice(1), unwrap(member)]))
}
