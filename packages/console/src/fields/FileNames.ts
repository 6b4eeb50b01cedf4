/** Readers of names of files. All pure. */
import * as FileName from "@peerage/pyrate/FileName"
import { Result } from "effect"
import { printable } from "../Printable.ts"
import { unseenIn } from "./Mistaken.ts"
import type { Reader } from "./Reader.ts"

/** The name of a file that can be shared. */
export const fileName: Reader<FileName.FileName> = (text) => {
  const name = FileName.parse(text)
  if (name !== undefined) return Result.succeed(name)
  // Names may have the two joiners, as Persian is written with them.
  const problem = unseenIn(text.replace(/[\u200C\u200D]/g, ""))
  return Result.fail(
    problem !== undefined
      ? `a file name without ${problem}`
      : "a plain file name, without separators, colons, dots or blanks at its ends, or a name that Windows keeps for itself"
  )
}

/** The same; the failure is a whole sentence. */
export const sharedName: Reader<FileName.FileName> = (text) =>
  Result.mapError(
    fileName(text),
    (wanted) => `"${printable(text)}" is no name of a file that can be shared: that is ${wanted}.`
  )
