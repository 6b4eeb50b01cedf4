/** Colours where the terminal has them, and none where it has not. */

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
// Those that can be read on light and on dark: cyan, magenta, green, blue, yellow, and their bright sisters.
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
