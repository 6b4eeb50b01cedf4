/**
 * Text from elsewhere, made fit to print: nothing in it can move the cursor, change colours, turn the direction of
 * writing or start a new line.
 */

// These only shape their neighbours, so removing them is harmless. A joiner between two emoji stays.
const silent = /[\u200B\u200C\u2060\uFEFF\u00AD]|\u200D(?!\p{Extended_Pictographic})/gu
const blank = /[\t\n\v\f\r\u0085\u2028\u2029]+/g
const control = /(?!\u200D)\p{C}/gu

// Nearly all text is.
const plain = /^[\x20-\x7E]*$/

/** The text with blanks for line ends and `\uFFFD` for every other control, bidi control or unassigned character. */
export const printable = (text: string): string =>
  plain.test(text)
    ? text
    : text.replace(/\r\n/g, "\n").replace(blank, " ").replace(silent, "").replace(control, "\uFFFD")

const escape = (character: string): string =>
  character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")

// JSON has no number that is wide enough for a 64-bit id, and programs read a larger integer as another one.
const digitsAsText = (_: string, value: unknown): unknown => typeof value === "bigint" ? String(value) : value

/** A value as one line of JSON, with ids and integers beyond 2^53 as strings. Such characters are escaped: they can only be inside its strings. */
export const json = (value: unknown): string =>
  JSON.stringify(value, digitsAsText).replace(/[\p{C}\u2028\u2029]/gu, escape)

/** A JSON value as people read it: text as it is, anything else as JSON. */
export const shown = (value: unknown): string =>
  printable(
    typeof value === "string" || typeof value === "bigint" ? String(value) : JSON.stringify(value, digitsAsText)
  )
