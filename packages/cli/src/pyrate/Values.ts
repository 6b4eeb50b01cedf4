/** What the arguments of the Pyrate commands look like, beyond those that all protocols have. Pure. */
import { FileName } from "@peerage/pyrate"
import { Result } from "effect"
import type { Reader } from "../Usage.ts"

/** The name of a file that can be shared. */
export const fileName: Reader<FileName.FileName> = (text) => {
  const name = FileName.parse(text)
  return name === undefined
    ? Result.fail("a plain file name, without separators, colons, control characters or dots in front")
    : Result.succeed(name)
}
