/**
 * Names of shared files: text that names an entry of one directory and nothing else, on any system, and that the wire
 * can carry. (docs/wire/pyrate.md, section 5.)
 */
import { Schema } from "effect"

const longest = 255
const encoder = new TextEncoder()

// Separators lead elsewhere; colon and newline end a field or a name; controls make a terminal show something else.
const separator = /[/\\:]/
// The two joiners are part of how Persian and some emoji are written.
const control = /[\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{C}/u
// Names that Windows keeps for devices: in any case, with any extension, with blanks before it.
const device = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$) *(\.|$)/i

/** What keeps a text from being a safe name. */
export const Unsafe = Schema.Literals([
  "Empty",
  /** A dot in front hides a file. */
  "Hidden",
  "Separator",
  "Control",
  /** A blank in front, or a blank or a dot at the end: some systems drop them. */
  "Blank",
  /** Windows keeps the name for a device. */
  "Device",
  /** More than 255 bytes. */
  "TooLong"
])
export type Unsafe = typeof Unsafe.Type

/** Says what keeps a text from being a name that is safe to serve and to save; `undefined` for a safe one. */
export const unsafe = (text: string): Unsafe | undefined => {
  if (text === "") return "Empty"
  if (text.startsWith(".")) return "Hidden"
  if (separator.test(text)) return "Separator"
  if (control.test(text)) return "Control"
  if (/^ |[. ]$/.test(text)) return "Blank"
  if (device.test(text)) return "Device"
  // A character takes three bytes at most, or two of them four.
  return text.length > longest / 3 && encoder.encode(text).length > longest ? "TooLong" : undefined
}

/** The Schema of a safe name. */
export const FileName = Schema.String.check(
  Schema.makeFilter((text: string) => unsafe(text) === undefined, { expected: "a plain file name" })
).pipe(
  Schema.brand("@peerage/pyrate/FileName")
).annotate({ identifier: "FileName" })
export type FileName = typeof FileName.Type

/** Whether a text is a safe name. */
export const is: (text: string) => text is FileName = Schema.is(FileName)

/** Reads a name; `undefined` when it is not safe. */
export const parse = (text: string): FileName | undefined => is(text) ? text : undefined
