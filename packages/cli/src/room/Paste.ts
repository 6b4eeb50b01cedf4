/**
 * Bracketed paste: a terminal that is asked for it puts two marks around what is pasted, so that line ends in it are
 * text, while those that are typed are Enter. Pure.
 *
 *     ESC[200~ one CR two ESC[201~ CR    --->    Pasted "one\ntwo", Typed Enter
 */
import { Data } from "effect"
import type { Key } from "node:readline"

/** A key as readline reads it from a terminal. `text` is missing where the key is none of a text. */
export interface Pressed {
  readonly text: string | undefined
  readonly key: Key
}

/**
 * What keys come to: themselves, a whole pasted text, which is fit to be shown and whose lines end with `\n`, or one of
 * more than `longest` characters, of which nothing is kept.
 */
export type Piece = Data.TaggedEnum<{ Typed: Pressed; Pasted: { readonly text: string }; TooLong: {} }>

const { Pasted, TooLong, Typed } = Data.taggedEnum<Piece>()

/** The longest text that is taken, in characters. */
export const longest = 65_536

/** Asks a terminal to mark pasted text. */
export const ask = "\u001B[?2004h"

/** Asks a terminal to mark it no longer. */
export const askNot = "\u001B[?2004l"

/** The text without controls, and without the last line end: Enter is the end of a message. */
const readable = (text: string): string =>
  text.replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n").replace(/\n$/, "")
    .replace(/(?![\n\t])\p{Cc}/gu, "").replace(/\p{Noncharacter_Code_Point}/gu, "\uFFFD")

const whole = (text: string): Piece => text.length > longest ? TooLong() : Pasted({ text: readable(text) })

/** Takes a key. `pasted` is what was pasted so far; `undefined` where nothing is being pasted. */
export const press = (
  pasted: string | undefined,
  pressed: Pressed
): readonly [pasted: string | undefined, pieces: ReadonlyArray<Piece>] => {
  const { key, text = "" } = pressed
  if (key.name === "paste-start") return [pasted ?? "", []]
  if (key.name === "paste-end") return [undefined, pasted === undefined ? [] : [whole(pasted)]]
  if (pasted === undefined) return [undefined, [Typed(pressed)]]
  // Terminals take controls out of what is pasted. So this is a person who sees that the second mark was lost.
  if (key.ctrl === true && key.name === "c") return [undefined, [whole(pasted), Typed(pressed)]]
  return [`${pasted}${text}`.slice(0, longest + 1), []]
}
