/** Rows with columns of even width, under a heading. Pure. */
import type { Style } from "../before/Style.ts"

/** The lines of a table; its cells are fit to print, and its first column has a colour for each name. */
export const table = (
  style: Style,
  heading: readonly [string, string],
  rows: ReadonlyArray<readonly [string, string]>
): ReadonlyArray<string> => {
  const width = Math.max(...[heading, ...rows].map(([first]) => first.length))
  return [
    style.bold(`${heading[0].padEnd(width)}  ${heading[1]}`),
    ...rows.map(([first, second]) => `${style.named(first, first.padEnd(width))}  ${second}`)
  ]
}
