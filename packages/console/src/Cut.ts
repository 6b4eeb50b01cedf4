/** Texts and JSON from elsewhere, made fit for a frame: printable, and no longer than a bound. All pure. */
import { Array, Predicate, Record, type Schema } from "effect"
import { bounds } from "./api/Frame.ts"
import { printable } from "./Printable.ts"

const encoder = new TextEncoder()

/** How many code units of a text take no more than `bytes` bytes of UTF-8, whole characters only. */
const within = (text: string, bytes: number): number =>
  3 * text.length <= bytes ? text.length : encoder.encodeInto(text, new Uint8Array(bytes)).read

/** Bytes of UTF-8 of a value as JSON. */
export const bytesOf = (value: unknown): number => encoder.encode(JSON.stringify(value)).length

/** A text, and whether something of it is missing. */
export interface Cut<A> {
  readonly value: A
  readonly cut: boolean
}

const lines = (text: string): string =>
  text.includes("\n") ? text.split("\n").map(printable).join("\n") : printable(text)

/** The beginning of a text on one line. */
export const text = (whole: string, bytes: number = bounds.text): string => {
  const end = within(whole, bytes)
  return printable(end < whole.length ? `${whole.slice(0, end)}…` : whole)
}

// JSON that is deeper is for programs.
const deepest = 32

/** What is left of the bytes, spent by the parts of a value in their order. */
interface Purse {
  left: number
  cut: boolean
}

/** False where nothing is left for something of this price. */
const pay = (purse: Purse, price: number): boolean => {
  purse.left -= price
  if (purse.left < 0) purse.cut = true
  return purse.left >= 0
}

const textOf = (whole: string, purse: Purse): string => {
  const end = within(whole, Math.max(0, purse.left))
  purse.left -= 3 * whole.length <= purse.left ? whole.length : encoder.encode(whole.slice(0, end)).length
  if (end === whole.length) return lines(whole)
  purse.cut = true
  return `${lines(whole.slice(0, end))}…`
}

const taking = <A, B>(items: ReadonlyArray<A>, purse: Purse, take: (item: A) => B): Array<B> => {
  const taken: Array<B> = []
  for (const item of items) {
    if (!pay(purse, 2)) break
    taken.push(take(item))
  }
  return taken
}

const walk = (value: unknown, purse: Purse, depth: number): Schema.Json => {
  if (Predicate.isString(value)) return textOf(value, purse)
  if (value === null || Predicate.isBoolean(value)) return value
  if (Predicate.isNumber(value)) return pay(purse, 8) && Number.isFinite(value) ? value : String(value)
  if (Predicate.isBigInt(value)) return textOf(String(value), purse)
  if (!Predicate.isObjectOrArray(value)) return null
  if (depth >= deepest) {
    purse.cut = true
    return "…"
  }
  if (Array.isArray(value)) return taking(value, purse, (item) => walk(item, purse, depth + 1))
  const known = Object.entries(value).filter(([, item]) => item !== undefined)
  return Record.fromEntries(
    taking(known, purse, ([key, item]) => [textOf(key, purse), walk(item, purse, depth + 1)] as const)
  )
}

/**
 * A JSON value, with integers beyond 2^53 as text. What is left out is at its end: elements, fields, and the end of the last
 * text.
 */
export const json = (value: unknown, bytes: number = bounds.text): Cut<Schema.Json> => {
  const purse = { left: bytes, cut: false }
  return { value: walk(value, purse, 0), cut: purse.cut }
}

/** The first or the last of some items that together take no more than `bytes` as JSON. */
export const fitting = <A>(items: ReadonlyArray<A>, bytes: number, from: "first" | "last"): ReadonlyArray<A> => {
  let left = bytes
  const fits = (item: A): boolean => (left -= bytesOf(item) + 1) >= 0
  return from === "first"
    ? Array.takeWhile(items, fits)
    : Array.reverse(Array.takeWhile(Array.reverse(items), fits))
}
