/** The words of a typed line, enumerations, and guesses at what a wrong word was meant to be. Pure. */

/** The first word of a text, and what follows it without the blanks between. A word in quotes may hold blanks. */
export const first = (text: string): readonly [word: string, rest: string] => {
  const [, quoted, plain, rest = ""] = /^\s*(?:"([^"]*)"|(\S+))\s*([^]*)$/u.exec(text) ?? []
  return [quoted ?? plain ?? "", rest]
}

/** The first word of a text, in quotes or not, and what follows the one blank behind it, as it is. */
export const firstAndText = (text: string): readonly [word: string, text: string] => {
  const [, quoted, plain, rest = ""] = /^\s*(?:"([^"]*)"|(\S+))\s?([^]*)$/u.exec(text) ?? []
  return [quoted ?? plain ?? "", rest]
}

/** `INFO, WARNING or ERROR`. */
export const enumerated = (words: ReadonlyArray<string>, conjunction: "and" | "or"): string =>
  words.join(", ").replace(/, ([^,]+)$/, ` ${conjunction} $1`)

/** Whether so many single changes (a letter more, less, other, or two swapped) lead from one word to the other. */
const isWithin = (changes: number, from: string, to: string): boolean => {
  if (from === to) return true
  const [fromRest, toRest] = [from.slice(1), to.slice(1)]
  if (from[0] === to[0]) return isWithin(changes, fromRest, toRest)
  if (changes === 0) return false
  return isWithin(changes - 1, fromRest, to) || isWithin(changes - 1, from, toRest) ||
    isWithin(changes - 1, fromRest, toRest) ||
    (from[0] === to[1] && from[1] === to[0] && isWithin(changes - 1, from.slice(2), to.slice(2)))
}

/** The word that was probably meant, the nearest first; `undefined` when none is within two changes. */
export const nearest = (word: string, known: ReadonlyArray<string>): string | undefined =>
  [0, 1, 2].flatMap((changes) =>
    known.filter((name) => changes <= name.length - 2 && isWithin(changes, word.toLowerCase(), name))
  )[0]
