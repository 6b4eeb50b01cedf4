/**
 * Arguments that begin with a single dash. effect/cli takes each for a cluster of flags of one letter; this command has
 * one such flag, `-h`. All pure.
 *
 *     --rescan -5s      is --rescan=-5s, whose value is then taken or refused like every other
 *     get HOST -x.txt   is a mistake as a whole: there is no flag -x.txt
 */

/** Not `-h`; negative numbers are values for effect/cli too, but no harm is done by joining them. */
const begins = (arg: string): boolean => /^-[^-]/.test(arg) && arg !== "-h"

/** Joins each flag that takes a value with a value behind it that begins with a dash. */
export const join = (
  args: ReadonlyArray<string>,
  takesValue: (flag: string) => boolean
): ReadonlyArray<string> => {
  const end = args.indexOf("--")
  const options = end === -1 ? args : args.slice(0, end)
  const isJoined = (index: number): boolean => begins(options[index] ?? "") && takesValue(options[index - 1] ?? "")
  return [
    ...options.flatMap((arg, index) =>
      isJoined(index) ? [] : [isJoined(index + 1) ? `${arg}=${options[index + 1]}` : arg]
    ),
    ...args.slice(options.length)
  ]
}

/** The arguments that are mistaken for several flags of one letter each. */
export const clusters = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const end = args.indexOf("--")
  const options = end === -1 ? args : args.slice(0, end)
  return options.filter((arg) => begins(arg) && arg.length > 2 && !/^-[\d.]+$/.test(arg))
}
