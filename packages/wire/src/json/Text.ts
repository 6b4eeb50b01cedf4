/**
 * The tokens of a JSON text: brackets, strings, numbers and words, read from the front. Where no such token begins, each
 * method gives `undefined`.
 */
import { Result } from "effect"
import type { Numbers } from "../PythonJson.ts"
import * as PythonNumbers from "../PythonNumbers.ts"
import type { Sliced } from "../Slices.ts"

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const word = /-?[A-Za-z]+/y
const quotation = 0x22
const backslash = 0x5c

/** Characters of a string that become text in one step. */
const piece = 65_536

const words: ReadonlyMap<string, null | boolean> = new Map([["null", null], ["true", true], ["false", false]])
const pythonWords: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity]
])

/** A cursor over a text. */
export class Text {
  /** Where the next token begins, or blanks before it. */
  at = 0
  /** True where an integer has more digits than Python reads. */
  tooManyDigits = false
  private readonly text: string
  private readonly numbers: Numbers

  /** `numbers` are those that there are. */
  constructor(text: string, numbers: Numbers) {
    this.text = text
    this.numbers = numbers
  }

  /** The next character that is no blank, as its code unit. NaN at the end. */
  next(): number {
    let unit = this.text.charCodeAt(this.at)
    while (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) unit = this.text.charCodeAt(++this.at)
    return unit
  }

  /** Takes the next character where it is this one. */
  takes(unit: number): boolean {
    if (this.next() !== unit) return false
    this.at++
    return true
  }

  /** Whether a string is next. */
  isString(): boolean {
    return this.next() === quotation
  }

  /** Takes a number or a word. */
  scalar(): null | boolean | number | bigint | undefined {
    const digits = this.token(number)
    if (digits !== undefined) return this.numbers === "json" ? Number(digits) : this.exact(digits)
    const name = this.token(word) ?? ""
    return words.has(name) ? words.get(name) : this.numbers === "python" ? pythonWords.get(name) : undefined
  }

  /** Takes a string that is not long. Takes nothing of another. */
  string(): string | undefined {
    const end = this.pieceEnd(this.at + 1)
    if (this.text.charCodeAt(end) !== quotation) return undefined
    const string = unescape(this.text.slice(this.at + 1, end))
    if (string !== undefined) this.at = end + 1
    return string
  }

  /** Takes a string of any length, in slices. */
  *longString(): Sliced<string | undefined> {
    let string = ""
    for (let from = this.at + 1; from < this.text.length;) {
      const end = this.pieceEnd(from)
      const part = unescape(this.text.slice(from, end))
      if (part === undefined) return undefined
      string += part
      this.at = end + 1
      if (this.text.charCodeAt(end) === quotation) return string
      yield 2 * (end - from)
      from = end
    }
    return undefined
  }

  /** Where a piece of a string ends that begins here: at the quotation mark, or between two characters before it. */
  private pieceEnd(from: number): number {
    const { text } = this
    const most = Math.min(text.length, from + piece)
    let at = from
    while (at < most) {
      const unit = text.charCodeAt(at)
      if (unit === quotation) return at
      at += unit !== backslash ? 1 : text.charCodeAt(at + 1) === 0x75 ? 6 : 2
    }
    return at
  }

  private token(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const token = pattern.exec(this.text)?.[0]
    if (token !== undefined) this.at += token.length
    return token
  }

  private exact(digits: string): number | bigint | undefined {
    const value = PythonNumbers.fromDigits(digits)
    this.tooManyDigits ||= value === undefined
    return value
  }
}

// Anything else is an escape, or no part of a string.
const plain = /^[^\\\x00-\x1f]*$/

/** The text that a part of a string stands for. */
const unescape = (part: string): string | undefined =>
  plain.test(part) ? part : Result.getOrUndefined(Result.try((): string => JSON.parse(`"${part}"`)))
