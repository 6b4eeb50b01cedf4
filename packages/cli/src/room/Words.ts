/** The words of a typed line, enumerations, and guesses at what a wrong word was meant to be. Pure. */

/** The first word of a text, and what follows it without the blanks between. A word in quotes may hold blanks. */
export const first = (text: string): readonly [word: string, rest: string] => {
  const [, quoted, plain, rest = ""] = /^\s*(?:"([^"]*)"|(\S+))\s*([^]*)$/u.exec(text) ?? []
  return [quoted ?? plain ?? "", rest]
}

/** `INFO, WARNING or ERROR`. */
export const enumerated = (words: ReadonlyArray<string>, conjunction: "and" | "or"): string =>
  words.join(", ").replace(/, ([^,]+)$/, ` ${conjunction} $1`)

/** How many single changes (a letter more, less, other, or two swapped) lead from one word to the other. */
const distance = (from: string, to: string): number => {
  const rows: Array<Array<number>> = []
  for (let row = 0; row <= from.length; row++) {
    const changes: Array<number> = []
    rows.push(changes)
    for (let column = 0; column <= to.length; column++) {
      const after = (rowsBack: number, back: number, cost: number) =>
        (rows[row - rowsBack]?.[column - back] ?? Infinity) + cost
      const same = from[row - 1] === to[column - 1]
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const least = Math.min(
        after(1, 0, 1),
        after(0, 1, 1),
        after(1, 1, same ? 0 : 1),
        swapped ? after(2, 2, 1) : Infinity
      )
      changes.push(row + column === 0 ? 0 : least)
    }
  }
  return rows[from.length]?.[to.length] ?? Infinity
}

const near = 2

/** The word that was probably meant, or `undefined` when none is near. */
export const nearest = (word: string, known: ReadonlyArray<string>): string | undefined =>
  known
    .filter((name) => Math.abs(name.length - word.length) <= near)
    .map((name) => ({ name, changes: distance(word.toLowerCase(), name) }))
    .filter(({ changes, name }) => changes <= Math.min(near, name.length - 2))
    .sort((one, other) => one.changes - other.changes)[0]?.name
