/** A text as a QR code for a terminal with colours: two squares a character, dark on light whatever the terminal has. */
import { encode } from "uqr"

// Black on white of the palette that no theme changes.
const colours = "\u001B[38;5;16;48;5;231m"
const reset = "\u001B[0m"

/** The squares that scanners need around the code. */
const border = 2

/** How large a terminal is, in characters. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** The lines of the code; none where the terminal has no room for all of it. */
export const qrCode = (text: string, { columns, rows }: Size): ReadonlyArray<string> => {
  const { data, size } = encode(text, { border })
  if (size > columns || size / 2 > rows) return []
  const isDark = (row: number, column: number) => data[row]?.[column] === true
  const square = (row: number) => (_: unknown, column: number) => {
    const [above, below] = [isDark(row, column), isDark(row + 1, column)]
    return above ? below ? "█" : "▀" : below ? "▄" : " "
  }
  return Array.from(
    { length: Math.ceil(size / 2) },
    (_, line) => `${colours}${Array.from({ length: size }, square(2 * line)).join("")}${reset}`
  )
}
