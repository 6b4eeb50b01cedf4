/**
 * Names of shared files: text that names an entry of one directory and nothing else, on any system, and that the wire
 * can carry. (docs/wire/pyrate.md, section 5.)
 */
import { Schema } from "effect"

const longest = 255
const encoder = new TextEncoder()

// Separators lead elsewhere; NUL, colon and newline end a name or a field; the rest makes a terminal show something
// else. The two joiners are part of how Persian and some emoji are written.
const forbidden = /[/\\:\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{C}/u
// Names that Windows keeps for devices: in any case, with any extension, with blanks before it.
const device = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$) *(\.|$)/i

/** Whether a name is safe to serve and to save. A leading dot hides a file; some systems drop trailing ones. */
const isSafe = (text: string): boolean =>
  text !== "" && !forbidden.test(text) && !/^[. ]|[. ]$/.test(text) && !device.test(text)
  && encoder.encode(text).length <= longest

/** The Schema of a safe name. */
export const FileName = Schema.String.check(Schema.makeFilter(isSafe, { expected: "a plain file name" })).pipe(
  Schema.brand("@peerage/pyrate/FileName")
).annotate({ identifier: "FileName" })
export type FileName = typeof FileName.Type

/** Whether a text is a safe name. */
export const is: (text: string) => text is FileName = Schema.is(FileName)

/** Reads a name; `undefined` when it is not safe. */
export const parse = (text: string): FileName | undefined => is(text) ? text : undefined
