/** How lines for people look: colours, where the terminal has them, and pieces that many lines share. Pure. */
import { DateTime } from "effect"

/** Ways to set off a piece of a line. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  /** A colour of its own for each name, the same every time. */
  readonly named: (name: string, text: string) => string
}

const same = (text: string) => text

/** No colours at all. */
export const none: Style = { bold: same, dim: same, red: same, green: same, yellow: same, named: (_, text) => text }

const sgr = (on: number, off: number) => (text: string) => `\u001B[${on}m${text}\u001B[${off}m`
const foreground = (code: number) => sgr(code, 39)
// Colours that can be read on light and on dark: cyan, magenta, green, blue, yellow, and their bright versions.
const palette = [36, 35, 32, 34, 33, 96, 95, 92, 94, 93].map(foreground)

const colourOf = (name: string) => {
  let hash = 0
  for (const character of name) hash = (hash * 37 + (character.codePointAt(0) ?? 0)) % 0x7fffffff
  return palette[hash % palette.length] ?? same
}

/** ANSI colours. */
export const ansi: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: foreground(31),
  green: foreground(32),
  yellow: foreground(33),
  named: (name, text) => colourOf(name)(text)
}

/** The local time of day, `14:03:59`, of milliseconds since 1970 or a time in ISO 8601. */
export const timeOfDay = (time: number | string): string =>
  DateTime.formatLocal(DateTime.makeUnsafe(time), { locale: "en-GB", timeStyle: "medium" })

/** The local day and time, `2026-01-31 14:03:59`, of a time in ISO 8601. */
export const dayAndTime = (time: string): string =>
  DateTime.formatLocal(DateTime.makeUnsafe(time), { locale: "sv-SE", dateStyle: "short", timeStyle: "medium" })

/** ISO 8601 of milliseconds since 1970. */
export const iso = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis))

/** `1 file`, `2 files`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`

/** The lines, or a sentence in place of none. */
export const orNone = (lines: ReadonlyArray<string>, none: string): ReadonlyArray<string> =>
  lines.length === 0 ? [none] : lines

/** Names that are fit to print, under a headline; a sentence in place of none. */
export const listed = (headline: string, names: ReadonlyArray<string>, none: string): ReadonlyArray<string> =>
  names.length === 0 ? [none] : [headline, ...names.map((name) => `  ${name}`)]

/** The mark before a message that did not come from the peer that it names, and a blank; nothing for others. */
export const doubt = (style: Style, sender: string | undefined): string =>
  sender === "Mismatch" ? `${style.red("NOT FROM WHOM IT SAYS:")} ` : ""

/** Rows under a heading, with columns of even width. Cells are fit to print; the first one has the colour of its name. */
export const table = (
  style: Style,
  heading: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): ReadonlyArray<string> => {
  const widths = heading.map((_, column) => Math.max(...[heading, ...rows].map((row) => row[column]?.length ?? 0)))
  const last = heading.length - 1
  const pad = (cell: string, column: number) => column === last ? cell : cell.padEnd(widths[column] ?? 0)
  return [
    style.bold(heading.map(pad).join("  ")),
    ...rows.map((row) =>
      row.map((cell, column) => column === 0 ? style.named(cell, pad(cell, 0)) : pad(cell, column)).join("  ")
    )
  ]
}
