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
  let before: ReadonlyArray<number> = []
  let row: ReadonlyArray<number> = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let line = 1; line <= from.length; line++) {
    const next = [line]
    for (let column = 1; column <= to.length; column++) {
      const same = from[line - 1] === to[column - 1]
      const swapped = line > 1 && column > 1 && from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1]
      next.push(Math.min(
        (row[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (row[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Infinity
      ))
    }
    before = row
    row = next
  }
  return row[to.length] ?? 0
}

const near = 2

/** The word that was probably meant, or `undefined` when none is near. */
export const nearest = (word: string, known: ReadonlyArray<string>): string | undefined =>
  known
    .map((name) => ({ name, changes: distance(word.toLowerCase(), name) }))
    .filter(({ changes, name }) => changes <= Math.min(near, name.length - 2))
    .sort((one, other) => one.changes - other.changes)[0]?.name
